import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Icon, { type IconProps } from '@cloudscape-design/components/icon';
import LiveRegion from '@cloudscape-design/components/live-region';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useFormat, useI18n } from '../../i18n/i18n';
import { useEndpointTest, type EndpointCheck, type EndpointTest, type TestEndpointInput } from '../../services/endpoints';
import { FormErrors } from '../FormErrors';
import { Copy, Time } from '../parts';

const skewShownMin = 1_000; // milliseconds: less is what the network takes
const looks: Record<EndpointCheck['state'], [IconProps.Name, IconProps.Variant]> = {
  PASSED: ['check', 'success'], WARNING: ['status-warning', 'warning'], FAILED: ['close', 'error'], NOT_TRIED: ['subtract-minus', 'subtle'],
};

/** How a store was last reached, in one line. */
export function TestStatus({ test }: { test: EndpointTest | null | undefined }) {
  const { t } = useI18n();
  if (!test) return <StatusIndicator type="pending">{t('endpoint.untested')}</StatusIndicator>;
  const failed = test.checks.find(({ state }) => state === 'FAILED');
  if (!test.ok) return <StatusIndicator type="error">{failed ? t('endpoint.failed.at', { check: t(`check.${failed.name}`) }) : t('endpoint.failed')}</StatusIndicator>;
  const warned = test.checks.find(({ state }) => state === 'WARNING');
  if (warned) return <StatusIndicator type="warning">{t('endpoint.warned', { check: t(`check.${warned.name}`) })}</StatusIndicator>;
  return <StatusIndicator type="success">{t('endpoint.reachable')}</StatusIndicator>;
}

/** What is known of a check that did not pass: the store's words, and what to do. */
function Reason({ check }: { check: EndpointCheck }) {
  const { t } = useI18n();
  const { error, advice, missingPermission, vendorCode, requestId } = check;
  return (
    <div className="dth-reason">
      {error && <span className="dth-wrap">{error}</span>}
      {advice && <span className="dth-wrap"><b>{t('check.advice')}</b> {advice}</span>}
      {missingPermission && <span className="dth-wrap">{t('check.permission')} <code className="dth-mono">{missingPermission}</code></span>}
      {(vendorCode || requestId) && <span className="dth-small dth-muted dth-row">{vendorCode && <span>{vendorCode}</span>}{requestId && <span>{t('error.request')} <Copy text={requestId} /></span>}</span>}
    </div>
  );
}

export function Checks({ test }: { test: EndpointTest }) {
  const { t } = useI18n();
  const f = useFormat();
  return (
    <ul className="dth-checks">
      {test.checks.map((check) => {
        const [icon, variant] = looks[check.state] ?? looks.NOT_TRIED;
        const detail = check.state === 'NOT_TRIED' ? t('check.state.NOT_TRIED') : check.detail ?? '';
        const hasReason = (check.state === 'FAILED' || check.state === 'WARNING') && Boolean(check.error || check.advice);
        return (
          <li key={check.name} data-check={check.name} data-state={check.state}>
            <span className="what"><Icon name={icon} variant={variant} size="small" ariaLabel={t(`check.state.${check.state}`)} /> {t(`check.${check.name}`)}</span>
            <span className="dth-muted dth-ellipsis" title={detail}>{detail}</span>
            <span className="dth-muted dth-small dth-num">{check.milliseconds === null || check.milliseconds === undefined ? '' : t('ms', { n: f.count(check.milliseconds) })}</span>
            {hasReason && <Reason check={check} />}
          </li>
        );
      })}
    </ul>
  );
}

interface Props {
  input: TestEndpointInput;
  /** Tries at once, and again whenever the input is another one. */
  auto?: boolean;
  /** What the hub knows from an earlier try. */
  last?: EndpointTest | null;
  disabled?: boolean;
  disabledReason?: string;
  /** The reader asks for a test; true: the input is another one now, and is tried by itself. */
  onTest?: () => boolean;
}

/** Tries to reach the store as it is set up here, step by step. A failure is told, and hinders nothing. */
export function ConnectionTest({ input, auto = false, last, disabled = false, disabledReason, onTest }: Props) {
  const { t } = useI18n();
  const f = useFormat();
  const query = useEndpointTest(input, auto && !disabled);
  const test = query.data ?? (query.error ? undefined : last);
  const passed = test?.checks.filter(({ state }) => state === 'PASSED').length ?? 0;
  return (
    <SpaceBetween size="s">
      <div className="dth-row between">
        <span className="dth-row">
          {query.isFetching ? <StatusIndicator type="loading">{t('endpoint.testing')}</StatusIndicator>
            : test?.ok && test.checks.every(({ state }) => state !== 'WARNING') ? <StatusIndicator type="success">{t('endpoint.passed', { n: passed })}</StatusIndicator> : <TestStatus test={test} />}
          {test && !query.isFetching && <span className="dth-small dth-muted"><Time at={test.at} /></span>}
        </span>
        <Button iconName="refresh" disabled={disabled} disabledReason={disabledReason} loading={query.isFetching} onClick={() => { if (!onTest?.()) void query.refetch(); }}>{t('endpoint.test')}</Button>
      </div>
      <LiveRegion hidden>{test && !query.isFetching ? t(test.ok ? 'endpoint.reachable' : 'endpoint.failed') : ''}</LiveRegion>
      <FormErrors error={query.error} fields={[]} />
      {test && <div className={query.isFetching ? 'dth-refreshing' : undefined}><Checks test={test} /></div>}
      {test?.identity && <Box fontSize="body-s" color="text-body-secondary">{t('endpoint.identity')} <span className="dth-mono dth-wrap">{test.identity}</span></Box>}
      {test && Math.abs(test.clockSkewMilliseconds ?? 0) >= skewShownMin ? <Box fontSize="body-s" color="text-body-secondary">{t('endpoint.skew', { n: f.count(Math.abs(test.clockSkewMilliseconds ?? 0)) })}</Box> : null}
    </SpaceBetween>
  );
}
