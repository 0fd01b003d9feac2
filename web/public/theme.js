// SPDX-License-Identifier: MIT
//
// Sets the colour scheme before the first paint, so that a dark console does
// not flash white. A file, not an inline script: the policy forbids those.
(function () {
  var chosen = 'auto';
  try {
    chosen = localStorage.getItem('aiproxy.color-scheme') || 'auto';
  } catch (e) {
    // Storage is blocked: follow the system.
  }
  var dark = chosen === 'dark' ||
    (chosen === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
})();
