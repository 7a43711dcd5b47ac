import { lazy, Suspense, type ReactNode } from 'react';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import Skeleton from '@cloudscape-design/components/skeleton';
import Popover from '@cloudscape-design/components/popover';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { follow } from '../../app/router';
import { useFormat, useI18n, type MessageKey } from '../../i18n/i18n';
import { secondsOf } from '../../services/duration';
import { countsOf, type RunDetail } from '../../services/runs';
import { useNarrow } from '../useNarrow';
import { Bar, Elapsed, Figure, Live, Time, type BarPart } from '../parts';
import { balanceOf, isListing, type Balance } from './balance';
import type { RunPlace } from './place';

// The charts weigh more than all else here, and are below the fold.
const RunCharts = lazy(() => import('./RunCharts').then((module) => ({ default: module.RunCharts })));

const phaseLooks = { PENDING: 'todo', RUNNING: 'now', DONE: 'done', SKIPPED: 'done' } as const;

/** A copy verifies each object as it copies it, and only a sync deletes. */
function phasesOf(run: RunDetail) {
  const { phases } = run.progress;
  const copying = phases.find(({ phase }) => phase === 'COPY');
  return phases.flatMap((each) => {
    if (each.phase === 'DELETE' && run.action !== 'SYNC') return [];
    if (each.phase === 'COPY' && run.action === 'VERIFY' && Number(each.items) === 0) return [];
    if (each.phase === 'VERIFY' && run.action !== 'VERIFY') return [{ ...each, state: copying?.state ?? each.state, items: String(countsOf(run).verified) }];
    return [each];
  });
}

function Phases({ run }: { run: RunDetail }) {
  const { t } = useI18n();
  const f = useFormat();
  return (
    <ol className="dth-phases">
      {phasesOf(run).map(({ phase, state, items }) => (
        <li key={phase} className={phaseLooks[state]} aria-current={state === 'RUNNING' ? 'step' : undefined}>
          <b>{t(`phase.${phase}`)}</b>
          <span className="dth-small dth-muted dth-num">
            {state === 'PENDING' ? t('phase.todo') : state === 'SKIPPED' ? t('phase.skipped') : phase === 'CLOSE' ? t(state === 'DONE' ? 'phase.CLOSE.done' : 'phase.CLOSE.n') : t(`phase.${phase}.n`, { n: f.count(Number(items)) })}
          </span>
        </li>
      ))}
    </ol>
  );
}

type Term = [key: MessageKey, n: number, swatch: BarPart['look']];
const termsOf = (b: Balance): Term[] => [
  ['count.copied', b.copied, 'done'], ['count.matched', b.matched, 'good'], ['count.unchanged', b.unchanged, 'soft'], ['count.toDo', b.pending, 'todo'], ['count.failed', b.failed, 'bad'],
  ['count.undetermined', b.undetermined, 'warn'], ['count.deletedAtSource', b.deletedAtSource, 'grey'], ['count.skipped', b.skipped, 'grey'], ['count.deleted', b.deleted, 'grey'],
];

/** Every item that was found is in exactly one of the terms. */
function Equation({ run, balance }: { run: RunDetail; balance: Balance }) {
  const { t } = useI18n();
  const f = useFormat();
  const always = new Set<MessageKey>([run.action === 'VERIFY' ? 'count.matched' : 'count.copied', ...(run.isOver ? [] : ['count.toDo' as const]), 'count.failed']);
  const shown = termsOf(balance).filter(([key, n]) => n > 0 || always.has(key));
  return (
    <div className="dth-equation" role="group" aria-label={t('equation.label')}>
      <div data-sign=""><span className="n">{f.count(balance.found)}</span><span className="dth-muted">{t(run.isOver ? 'count.found' : 'count.foundSoFar')}</span></div>
      {shown.map(([key, n, swatch], i) => (
        <div key={key} data-sign={i === 0 ? '=' : '+'}><span className="n">{f.count(n)}</span><span className="dth-muted"><i className={`swatch sw-${swatch}`} />{t(key)}</span></div>
      ))}
    </div>
  );
}

/** Nothing is promised that is not known: an interval, a forecast that names its basis, or a lower bound. */
function TimeLeft({ run }: { run: RunDetail }) {
  const { t, word } = useI18n();
  const f = useFormat();
  const { timeLeft, expected } = run.progress;
  if (!timeLeft) return <Figure label={t('figure.left')} value="–" note={run.state === 'RUNNING' ? t('figure.measuring') : word('state', run.state)} />;
  const [low, high] = [secondsOf(timeLeft.low), secondsOf(timeLeft.high)];
  if (timeLeft.kind === 'FLOOR') return <Figure label={t('figure.left')} value={t('figure.left.atleast', { d: f.floor(low) })} note={t('figure.left.listing')} />;
  const forecast = timeLeft.kind === 'FORECAST' && expected && (
    <Popover dismissButton={false} triggerType="text-inline" content={<>{t('figure.left.basis', { n: f.count(Number(expected.items)) })} <Link href={`/runs/${expected.run}`} onFollow={follow}>{expected.run}</Link></>}>{t('figure.left.forecast')}</Popover>
  );
  return <Figure label={t('figure.left')} value={f.range(low, high)} note={forecast || undefined} />;
}

function Figures({ run, balance }: { run: RunDetail; balance: Balance }) {
  const { t } = useI18n();
  const f = useFormat();
  const c = countsOf(run);
  const isVerify = run.action === 'VERIFY';
  return (
    <div className="dth-figures">
      <Figure label={t('figure.done')} value={f.count(balance.done)} note={t(isListing(run) ? 'figure.done.sofar' : 'figure.done.of', { n: f.count(balance.found) })} />
      <Figure label={t('count.verified')} value={f.count(isVerify ? c.matched : c.verified)} note={isVerify ? t('figure.matched') : t('figure.verified.of', { n: f.count(c.copied) })} />
      <Figure label={t('figure.rate')} value={f.rate(run.progress.bytesPerSecond)} note={t('figure.rate.items', { n: Math.round(run.progress.itemsPerSecond), count: f.count(Math.round(run.progress.itemsPerSecond)), bytes: f.bytes(c.bytes) })} />
      <TimeLeft run={run} />
    </div>
  );
}

const captionShareMin = 0.2; // of the bar: where it is narrower the words do not fit

/** One bar for all items; what was not listed yet is hatched. */
export function RunBar({ run, size }: { run: RunDetail; size?: 'tall' | 'thin' }) {
  const { t } = useI18n();
  const f = useFormat();
  const balance = balanceOf(run);
  const listing = isListing(run);
  const expected = listing && run.progress.expected ? Number(run.progress.expected.items) : undefined;
  // Without a forecast nobody knows how long the bar is: a fifth of it stays open.
  const whole = Math.max(1, balance.found, listing ? (expected !== undefined && expected > balance.found ? expected : balance.found * 1.25) : 0);
  const parts: BarPart[] = [...termsOf(balance).filter(([, n]) => n > 0).map(([, n, look]) => ({ share: n / whole, look })), ...(listing ? [{ look: 'open' as const }] : [])];
  return (
    <div>
      <Bar size={size} label={t('outcome.sofar', { done: f.count(balance.done), n: f.count(balance.found) })} parts={parts} />
      {listing && size === 'tall' && (
        <div className="dth-barcaption dth-small dth-muted dth-num"><span style={{ inlineSize: `${(balance.found / whole) * 100}%` }}>{balance.found > whole * captionShareMin && t('bar.listed')}</span><span>{expected === undefined ? t('bar.open') : t('bar.expected', { n: f.count(expected) })}</span></div>
      )}
    </div>
  );
}

/** How far a run is: its phases, figures, one bar, what adds up, and how fast it was. */
export function RunProgress({ run, place, title, actions }: { run: RunDetail; place: RunPlace; title?: string; actions?: ReactNode }) {
  const { t } = useI18n();
  const narrow = useNarrow();
  const balance = balanceOf(run);
  const figures = !run.isOver && <Figures run={run} balance={balance} />;
  const phases = <Phases run={run} />;
  return (
    <SpaceBetween size="l">
      <Container header={
        <Header variant="h2" info={!run.isOver && <Live />} actions={actions}
          description={<>{t('run.started')} <Time at={run.createdAt} relative={false} /> · {t(run.isOver ? 'run.took' : 'run.elapsed')} <Elapsed since={run.createdAt} until={run.endedAt} /></>}>{title ?? t('run.progress')}</Header>
      }>
        <SpaceBetween size="l">
          {narrow ? figures : phases}
          {narrow ? phases : figures}
          <RunBar run={run} size="tall" />
          <Equation run={run} balance={balance} />
        </SpaceBetween>
      </Container>
      <Suspense fallback={<Container><Skeleton /></Container>}><RunCharts run={run} place={place} /></Suspense>
    </SpaceBetween>
  );
}
