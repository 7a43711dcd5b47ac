import AreaChart from '@cloudscape-design/components/area-chart';
import Container from '@cloudscape-design/components/container';
import Grid from '@cloudscape-design/components/grid';
import Header from '@cloudscape-design/components/header';
import LineChart from '@cloudscape-design/components/line-chart';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import { ranges } from '../../app/router';
import { useFormat, useI18n } from '../../i18n/i18n';
import { secondsOf } from '../../services/duration';
import { hubNow } from '../../services/transport';
import { useRunSeries, type RunDetail } from '../../services/runs';
import { RegionError } from '../RegionError';
import { useNarrow } from '../useNarrow';
import { axisMax, unitOf } from './axis';
import type { RunPlace } from './place';
import { segmentsOf, type Point } from './segments';

const minutesOf: Record<(typeof ranges)[number], number | undefined> = { '15m': 15, '1h': 60, run: undefined };
const clockSpanMax = 600; // seconds: below it several ticks fall into one minute
const itemsAxisMin = 4; // of an axis of whole numbers

/** Throughput and items over time, of one range that the address names. */
export function RunCharts({ run, place }: { run: RunDetail; place: RunPlace }) {
  const { t } = useI18n();
  const f = useFormat();
  const narrow = useNarrow();
  const range = place.search.range ?? 'run';
  const query = useRunSeries(run, minutesOf[range]);
  const series = query.data;
  if (query.error) return <RegionError error={query.error} onRetry={() => void query.refetch()} />;
  const step = series ? secondsOf(series.step) : 1;
  // The newest step holds less than it will, because jobs report when they end: its fall would not be the run's.
  const points = (series?.points ?? []).filter(({ at }) => run.isOver || Date.parse(at) + 2 * step * 1000 <= hubNow());
  const unit = unitOf(Math.max(0, ...points.map(({ bytesPerSecond }) => bytesPerSecond)));
  const bytes = points.map((point) => ({ x: new Date(point.at), y: point.bytesPerSecond / unit }));
  const items = points.map((point) => ({ x: new Date(point.at), y: point.itemsPerSecond }));
  const retries = points.map((point) => ({ x: new Date(point.at), y: Number(point.retries) / step }));
  const hasGaps = segmentsOf(bytes, step).length > 1;
  const rateOf = (v: number) => f.rate(v * unit);
  const spanSeconds = points.length > 1 ? (bytes[bytes.length - 1].x.getTime() - bytes[0].x.getTime()) / 1000 : 0;
  // The legend of the chart would name each piece.
  const lines = (title: string, data: Point[], color: string, valueFormatter: (v: number) => string) =>
    points.length > 1 ? segmentsOf(data, step).map((piece) => ({ type: 'line' as const, title, data: piece, color, valueFormatter })) : [];
  const highest = (values: { y: number }[], least = 0) => axisMax(Math.max(least, ...values.map(({ y }) => y)));
  const shared = {
    xScaleType: 'time' as const, xDomain: points.length > 1 ? [bytes[0].x, bytes[bytes.length - 1].x] : undefined, xTickFormatter: (date: Date) => (spanSeconds < clockSpanMax ? f.clock(date) : f.time(date)),
    height: narrow ? 150 : 190, hideFilter: true, fitHeight: false, xTitle: '', yTitle: '', empty: t('chart.empty'), noMatch: t('chart.empty'),
    statusType: query.isPending ? 'loading' as const : 'finished' as const, loadingText: t('loading'),
  };
  const rateAxis = { ariaLabel: t('figure.rate'), yDomain: [0, highest(bytes)], yTickFormatter: (v: number) => rateOf(v) };
  const rangeControl = (
    <SegmentedControl selectedId={range} label={t('chart.range')} options={ranges.map((id) => ({ id, text: t(`chart.range.${id}`) }))}
      onChange={({ detail }) => place.go({ tab: 'progress', range: detail.selectedId === 'run' ? undefined : detail.selectedId as '1h' })} />
  );
  return (
    <Grid gridDefinition={[{ colspan: { default: 12, m: 6 } }, { colspan: { default: 12, m: 6 } }]}>
      <Container fitHeight header={<Header variant="h2" actions={rangeControl}>{t('figure.rate')}</Header>}>
        {hasGaps
          ? <LineChart {...shared} {...rateAxis} hideLegend series={lines(t('chart.bytes'), bytes, 'var(--dth-accent)', rateOf)} />
          : <AreaChart {...shared} {...rateAxis} hideLegend series={points.length > 1 && bytes.some(({ y }) => y > 0) ? [{ type: 'area', title: t('chart.bytes'), data: bytes, color: 'var(--dth-accent)', valueFormatter: rateOf }] : []} />}
      </Container>
      <Container fitHeight header={<Header variant="h2">{t('chart.items')}</Header>}>
        <LineChart {...shared} ariaLabel={t('chart.items')} yDomain={[0, highest([...items, ...retries], itemsAxisMin)]} yTickFormatter={(v) => f.count(v as number)} hideLegend={hasGaps}
          series={[...lines(t('chart.done'), items, 'var(--dth-accent)', f.count), ...lines(t('chart.retries'), retries, 'var(--dth-warn)', f.count)]} />
        {hasGaps && <span className="dth-row dth-small"><span><i className="swatch sw-done" />{t('chart.done')}</span><span><i className="swatch sw-warn" />{t('chart.retries')}</span></span>}
      </Container>
    </Grid>
  );
}
