// SPDX-License-Identifier: MIT
//
// What a tab remembers while its browser is at the OpenID provider: why it went
// there, and where to go afterwards. No secret: those are in a cookie that no
// script reads.

const NAME = 'aiproxy.oidc';

export interface OidcWay {
  link: boolean;
  next: string;
}

export function rememberWay(way: OidcWay): void {
  try {
    sessionStorage.setItem(NAME, JSON.stringify(way));
  } catch {
    // Storage is blocked: it is a sign-in, and leads to the first page.
  }
}

/** Told once. */
export function recallWay(): OidcWay {
  try {
    const text = sessionStorage.getItem(NAME);
    sessionStorage.removeItem(NAME);
    const way: unknown = JSON.parse(text ?? '{}');
    if (typeof way === 'object' && way !== null && 'link' in way && 'next' in way) {
      return { link: way.link === true, next: typeof way.next === 'string' ? way.next : '/' };
    }
  } catch {
    // As above.
  }
  return { link: false, next: '/' };
}
