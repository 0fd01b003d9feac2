// SPDX-License-Identifier: MIT
//
// Gives the focus back to what had it when a dialog came. For dialogs that are
// drawn only while they are open, and so cannot see themselves close.

import { useEffect, useState } from 'react';

export function useReturnFocus(): void {
  const [opener] = useState(() => document.activeElement);

  // The focus is the document's. It is given back after the dialog is gone.
  useEffect(
    () => () => {
      setTimeout(() => {
        if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
      });
    },
    [opener],
  );
}
