// SPDX-License-Identifier: MIT
//
// The mark: two lanes that cross at a gate.

export function BrandMark({ size = 22 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="7" fill="var(--mantine-color-petrol-6)" />
      <path
        d="M7 10h5l4 6 4-6h5M7 22h5l4-6 4 6h5"
        fill="none"
        stroke="var(--mantine-color-white)"
        strokeWidth="2.6"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
