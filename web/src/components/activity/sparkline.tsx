// SPDX-License-Identifier: MIT
//
// A trend in a row: a line without axes. What it says is in its label.

interface Props {
  values: number[];
  label: string;
  color: string;
}

const WIDTH = 72;
const HEIGHT = 18;

export function Sparkline({ values, label, color }: Props) {
  const most = Math.max(...values, 0);
  const step = values.length > 1 ? WIDTH / (values.length - 1) : 0;
  const y = (value: number) => HEIGHT - 1.5 - (most === 0 ? 0 : (value / most) * (HEIGHT - 3));
  const points = values.map((value, index) => `${(index * step).toFixed(1)},${y(value).toFixed(1)}`);
  return (
    <svg width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
      <title>{label}</title>
      <polyline
        points={points.join(' ')}
        fill="none"
        stroke={most === 0 ? 'var(--ap-line-strong)' : color}
        strokeWidth="1.5"
        strokeLinejoin="round"
        strokeLinecap="round"
      />
    </svg>
  );
}
