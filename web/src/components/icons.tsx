// SPDX-License-Identifier: MIT
//
// The icons: one grid of 16, one stroke. They never carry meaning alone; what
// they stand for is said in a label beside or on them.

const PATHS = {
  records: 'M2.5 4h2M7 4h6.5M2.5 8h2M7 8h6.5M2.5 12h2M7 12h6.5',
  clientKey: 'M6.2 9.8a3 3 0 1 1-1.1-4.9 3 3 0 0 1 1.8 3.6L13.5 8.5v2.3M11 8.5v1.6',
  providerKey: 'M3.5 7h9v6.5h-9zM5.5 7V5a2.5 2.5 0 0 1 5 0v2M8 9.7v1.3',
  provider: 'M2.5 3h11v4h-11zM2.5 9h11v4h-11zM5 5h.01M5 11h.01',
  system: 'M1.5 8.5h3l2-5 3 9 2-4h3',
  playground: 'M2.500 3h11v8h-6l-3 2.500V11h-2zM5.500 6.300h5M5.500 8.300h3',
  dashboard: 'M2.500 2.500h4.500v5.500h-4.500zM9 2.500h4.500v3.500h-4.500zM2.500 10h4.500v3.500h-4.500zM9 8h4.500v5.500h-4.500z',
  jobs: 'M8 2v7.500M5 6.800l3 3 3-3M2.500 10.500v3h11v-3',
  prices: 'M8 1.800v12.400M11.200 4.600c-.6-.9-1.800-1.400-3.200-1.400-1.900 0-3.200.9-3.200 2.300 0 3.200 6.600 1.500 6.600 4.800 0 1.500-1.400 2.500-3.400 2.500-1.600 0-2.900-.6-3.500-1.700',
  audit: 'M3.500 2.500h6.500l2.500 2.500v8.500h-9zM6 7h4M6 9.300h4M6 11.500h2.500',
  oauthClient: 'M2.5 4h11v8h-11zM5 8h.01M8 8h.01M11 8h.01',
  issuer: 'M8 1.800l5 2v4c0 3.200-2.100 5.400-5 6.400-2.900-1-5-3.200-5-6.400v-4zM5.800 8l1.600 1.600L10.400 6.500',
  settings: 'M2.500 4.500h6M11.500 4.500h2M10 3v3M2.500 8h2M7.500 8h6M6 6.500v3M2.500 11.500h6M11.500 11.500h2M10 10v3',
  user: 'M8 8.2a2.6 2.6 0 1 0 0-5.2 2.6 2.6 0 0 0 0 5.2zM3 13.5c.6-2.3 2.6-3.4 5-3.4s4.4 1.1 5 3.4',
  language: 'M8 14.200A6.2 6.2 0 1 0 8 1.800a6.2 6.2 0 0 0 0 12.400zM1.8 8h12.400M8 1.800c2 2 2.7 4 2.7 6.200S10 12.2 8 14.200C6 12.2 5.3 10.2 5.3 8S6 3.8 8 1.800z',
  signOut: 'M6.5 13.500h-4v-11h4M10 11l3-3-3-3M13 8H6',
  plus: 'M8 3v10M3 8h10',
  search: 'M7 11.500a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.3 10.300l3.2 3.2',
  copy: 'M5.5 5.500h8v8h-8zM10.5 5.500v-3h-8v8h3',
  check: 'M3 8.500l3.3 3.300L13 5',
  close: 'M4 4l8 8M12 4l-8 8',
  more: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
  refresh: 'M13.5 3v3.300h-3.300M13 6.200A5.3 5.3 0 1 0 13.3 9',
  pause: 'M5.5 3.500v9M10.5 3.500v9',
  play: 'M5 3.300l7.5 4.700L5 12.700z',
  previous: 'M10 3.500L5.5 8l4.5 4.5',
  next: 'M6 3.500L10.5 8 6 12.5',
  alert: 'M4 11.500V7a4 4 0 0 1 8 0v4.500M2.500 11.500h11M6.700 13.800h2.600M8 1.700V3',
  warning: 'M8 2.500l6 11H2zM8 6.500v3M8 11.600h.01',
  sortUp: 'M4.5 9.500L8 6l3.5 3.5',
  sortDown: 'M4.5 6.500L8 10l3.5-3.5',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth={name === 'more' ? 2 : 1.4}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
