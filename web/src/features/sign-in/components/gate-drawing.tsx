// SPDX-License-Identifier: MIT
//
// What the gateway does, as a picture: lanes of callers come in, cross at the
// gate, and leave for the providers.

import classes from './gate-drawing.module.css';

const LANES = 9;
const GAP = 64;
const TOP = 40;

function lanePath(from: number, to: number): string {
  const y1 = TOP + from * GAP;
  const y2 = TOP + to * GAP;
  const gate = TOP + 4 * GAP + (from - 4) * 9;
  return `M0 ${y1} H90 C190 ${y1} 170 ${gate} 270 ${gate} H370 C470 ${gate} 450 ${y2} 550 ${y2} H640`;
}

export function GateDrawing() {
  const lanes = Array.from({ length: LANES }, (_, lane) => lane);
  return (
    <svg className={classes.drawing} viewBox="0 0 640 592" preserveAspectRatio="xMidYMid slice">
      {lanes.map((lane) => (
        <path key={lane} d={lanePath(lane, (lane * 4 + 2) % LANES)} data-strong={lane % 3 === 0 || undefined} />
      ))}
      <rect x="296" y="240" width="48" height="112" rx="10" />
    </svg>
  );
}
