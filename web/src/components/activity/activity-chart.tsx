// SPDX-License-Identifier: MIT
//
// Requests, and tokens or cost, by local day: two lines, each with an axis of
// its own. Loaded when it is first drawn, for the charts are large.

import '@mantine/charts/styles.layer.css';

import { ChartTooltip, type ChartTooltipProps, CompositeChart } from '@mantine/charts';
import { useTranslation } from 'react-i18next';
import type { TrendDay } from '@/api/types';
import { axisUsd, exactUsd, formatCount, formatDay, shortCount } from '@/lib/format';

interface Props {
  days: TrendDay[];
  second: 'tokens' | 'cost';
}

export default function ActivityChart({ days, second }: Props) {
  const { t, i18n } = useTranslation();
  const language = i18n.language;
  const requests = t('metric.requests');
  const other = t(`metric.${second}`);
  const data = days.map((day) => ({
    day: formatDay(day.date, language),
    [requests]: day.requests,
    [other]: Number(day[second]),
    inFull: {
      [requests]: formatCount(day.requests, language),
      [other]: second === 'cost' ? exactUsd(day.cost) : formatCount(day.tokens, language),
    },
  }));
  const inSecond = (value: number) =>
    second === 'cost' ? axisUsd(value, language) : shortCount(value, language);

  return (
    <div role="img" aria-label={t('activity.chart', { first: requests, second: other })}>
      <CompositeChart
        h={180}
        data={data}
        dataKey="day"
        withLegend
        withRightYAxis
        withDots={days.length <= 31}
        strokeWidth={2}
        curveType="monotone"
        tickLine="none"
        gridAxis="x"
        series={[
          { name: requests, type: 'line', color: 'var(--ap-series-1)' },
          { name: other, type: 'line', color: 'var(--ap-series-3)', yAxisId: 'right' },
        ]}
        valueFormatter={(value) => shortCount(value, language)}
        tooltipProps={{ content: inFull }}
        yAxisProps={{ width: 44, allowDecimals: false }}
        rightYAxisProps={{ width: second === 'cost' ? 74 : 56, tickFormatter: inSecond }}
        tooltipAnimationDuration={0}
      />
    </div>
  );
}

// What is under the pointer, not shortened as on the axes.
function inFull({ label, payload = [] }: Pick<ChartTooltipProps, 'label' | 'payload'>) {
  return <ChartTooltip label={label} payload={payload.map((item) => ({ ...item, payload: item.payload.inFull }))} />;
}
