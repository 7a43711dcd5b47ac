import { getRouteApi, useNavigate } from '@tanstack/react-router';
import AreaChart from '@cloudscape-design/components/area-chart';
import Container from '@cloudscape-design/components/container';
import Grid from '@cloudscape-design/components/grid';
import Header from '@cloudscape-design/components/header';
import LineChart from '@cloudscape-design/components/line-chart';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import { ranges } from '../../app/router';
import { useFormat, useI18n } from '../../i18n/i18n';
import { secondsOf } from '../../services/duration';
import { useRunSeries, type RunDetail } from '../../services/runs';
import { RegionError } from '../RegionError';
import { useNarrow } from '../useNarrow';
import { axisMax } from './axis';

const route = getRouteApi('/runs/$id');
const minutesOf: Record<(typeof ranges)[number], number | undefined> = { '15m': 15, '1h': 60, run: undefined };
const megabyte = 2 ** 20;
/** Throughput and items over time, of one range that the address names. */
export function RunCharts({ run }: { run: RunDetail }) {
  const { t } = useI18n();
  const f = useFormat();
  const narrow = useNarrow();
  const navigate = useNavigate();
  const search = route.useSearch();
  const range = search.range ?? 'run';
  const query = useRunSeries(run, minutesOf[range]);
  const series = query.data;
  if (query.error) return <RegionError error={query.error} onRetry={() => void query.refetch()} />;
  const points = series?.points ?? [];
  const step = series ? secondsOf(series.step) : 1;
  const bytes = points.map((point) => ({ x: new Date(point.at), y: point.bytesPerSecond / megabyte }));
  const items = points.map((point) => ({ x: new Date(point.at), y: point.itemsPerSecond }));
  const retries = points.map((point) => ({ x: new Date(point.at), y: Number(point.retries) / step }));
  const highest = (values: { y: number }[]) => axisMax(Math.max(0, ...values.map(({ y }) => y)));
  const shared = {
    xScaleType: 'time' as const, xDomain: points.length > 1 ? [bytes[0].x, bytes[bytes.length - 1].x] : undefined, xTickFormatter: (date: Date) => (points.length > 0 && step < 5 ? f.clock(date) : f.time(date)),
    height: narrow ? 150 : 190, hideFilter: true, fitHeight: false, xTitle: '', yTitle: '', empty: t('chart.empty'), noMatch: t('chart.empty'),
    statusType: query.isPending ? 'loading' as const : 'finished' as const, loadingText: t('loading'),
  };
  const rangeControl = (
    <SegmentedControl selectedId={range} label={t('chart.range')} options={ranges.map((id) => ({ id, text: t(`chart.range.${id}`) }))}
      onChange={({ detail }) => void navigate({ to: '/runs/$id', params: { id: run.id }, search: { ...search, tab: 'progress', range: detail.selectedId === 'run' ? undefined : detail.selectedId as '1h' } })} />
  );
  return (
    <Grid gridDefinition={[{ colspan: { default: 12, m: 6 } }, { colspan: { default: 12, m: 6 } }]}>
      <Container fitHeight header={<Header variant="h2" actions={rangeControl}>{t('figure.rate')}</Header>}>
        <AreaChart {...shared} ariaLabel={t('figure.rate')} yDomain={[0, highest(bytes)]} yTickFormatter={(v) => f.rate((v as number) * megabyte)} hideLegend
          series={points.length > 1 ? [{ type: 'area', title: t('chart.bytes'), data: bytes, color: 'var(--dth-accent)', valueFormatter: (v) => f.rate(v * megabyte) }] : []} />
      </Container>
      <Container fitHeight header={<Header variant="h2">{t('chart.items')}</Header>}>
        <LineChart {...shared} ariaLabel={t('chart.items')} yDomain={[0, highest([...items, ...retries])]} yTickFormatter={(v) => f.count(v as number)}
          series={points.length > 1 ? [
            { type: 'line', title: t('chart.done'), data: items, color: 'var(--dth-accent)', valueFormatter: (v) => f.count(v) },
            { type: 'line', title: t('chart.retries'), data: retries, color: 'var(--dth-warn)', valueFormatter: (v) => f.count(v) },
          ] : []} />
      </Container>
    </Grid>
  );
}
