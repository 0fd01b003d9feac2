// SPDX-License-Identifier: MIT
//
// Hands a file to the browser, which puts it where it puts downloads. The token
// goes in a header, so a link to the API alone would not do.

// Browsers read it after the click, and say nothing when they have.
const READ_MS = 60_000;

export function saveFile(content: Blob, name: string): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), READ_MS);
}
