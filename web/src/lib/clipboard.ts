// SPDX-License-Identifier: MIT
//
// Copying. Browsers offer the clipboard only on HTTPS and localhost; a console
// on plain HTTP in a private network falls back to a selection.

export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

function copyBySelection(text: string): boolean {
  // Inside an open dialog, for its focus trap would take the focus away.
  const place = document.querySelector('[role="dialog"]') ?? document.body;
  const area = document.createElement('textarea');
  area.value = text;
  area.style.position = 'fixed';
  area.style.opacity = '0';
  place.append(area);
  area.select();
  try {
    return document.execCommand('copy');
  } catch {
    return false;
  } finally {
    area.remove();
  }
}
