// SPDX-License-Identifier: MIT
//
// One metric as bars. Loaded when it is first drawn, for the charts are large.

import '@mantine/charts/styles.layer.css';

import { BarChart } from '@mantine/charts';
import { useTranslation } from 'react-i18next';
import type { Point } from '@/api/types';
import { axisUsd, formatDay, formatHour, shortCount } from '@/lib/format';
import type { Metric } from './trends';

interface Props {
  metric: Metric;
  points: Point[];
  byHour: boolean;
}

export default function TrendBars({ metric, points, byHour }: Props) {
  const { t, i18n } = useTranslation();
  const language = i18n.language;
  const parts = partsOf(metric);
  const labels = parts.map((part) => t(`dashboard.part.${part.id}`));
  const data = points.map((point) => ({
    at: byHour || point.date === null ? formatHour(point.from, language) : formatDay(point.date, language),
    ...Object.fromEntries(parts.map((part, index) => [labels[index], part.of(point)])),
  }));
  return (
    <div role="img" aria-label={t('dashboard.chart', { metric: t(`metric.${metric}`) })}>
      <BarChart
        h={190}
        data={data}
        dataKey="at"
        type="stacked"
        withLegend={parts.length > 1}
        legendProps={{ verticalAlign: 'bottom', height: 30 }}
        tickLine="none"
        gridAxis="x"
        series={parts.map((part, index) => ({ name: labels[index] ?? part.id, color: part.color }))}
        valueFormatter={(value) => (metric === 'cost' ? axisUsd(value, language) : shortCount(value, language))}
        yAxisProps={{ width: metric === 'cost' ? 66 : 46, allowDecimals: metric === 'cost' }}
        barProps={{ isAnimationActive: false, maxBarSize: 28 }}
        tooltipAnimationDuration={0}
      />
    </div>
  );
}

interface Part {
  id: 'success' | 'rejected' | 'failed' | 'aborted' | 'input' | 'output' | 'cost';
  color: string;
  of: (point: Point) => number;
}

function partsOf(metric: Metric): Part[] {
  switch (metric) {
    case 'requests':
      return [
        { id: 'success', color: 'var(--ap-series-1)', of: (point) => point.successes },
        { id: 'rejected', color: 'var(--ap-series-3)', of: (point) => point.rejected },
        { id: 'failed', color: 'var(--ap-bad)', of: (point) => point.failed },
        { id: 'aborted', color: 'var(--ap-series-2)', of: (point) => point.aborted },
      ];
    case 'tokens':
      return [
        { id: 'input', color: 'var(--ap-series-2)', of: (point) => point.tokens - point.output_tokens },
        { id: 'output', color: 'var(--ap-series-1)', of: (point) => point.output_tokens },
      ];
    case 'cost':
      return [{ id: 'cost', color: 'var(--ap-series-1)', of: (point) => Number(point.cost) }];
  }
}
