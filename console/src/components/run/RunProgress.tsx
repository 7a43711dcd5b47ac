import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useFormat, useI18n, type MessageKey } from '../../i18n/i18n';
import { countsOf, type Counts, type RunDetail } from '../../services/runs';
import { useNarrow } from '../useNarrow';
import { Bar, Elapsed, Figure, Live, Time } from '../parts';
import { partsOf } from './RunStatus';
import { phasesOf, type PhaseState } from './phases';
import { useRate } from './useRate';

function Phases({ run, counts }: { run: RunDetail; counts: Counts }) {
  const { t } = useI18n();
  const f = useFormat();
  const numbers: Record<string, string> = {
    LIST: t('phase.LIST.n', { n: f.count(counts.listed) }), COPY: t('phase.COPY.n', { n: f.bytes(counts.bytes) }),
    VERIFY: t('phase.VERIFY.n', { n: f.count(run.action === 'VERIFY' ? counts.matched : counts.verified) }),
    DELETE: t('phase.DELETE.n', { n: f.count(counts.deleted) }), CLOSE: t(run.isOver ? 'phase.done' : 'phase.CLOSE.n'),
  };
  const words: Record<PhaseState, string> = { done: t('phase.done'), now: t('phase.now'), todo: t('phase.todo') };
  return (
    <ol className="dth-phases">
      {phasesOf(run).map(({ phase, state }) => (
        <li key={phase} className={state} aria-current={state === 'now' ? 'step' : undefined}>
          <b>{t(`phase.${phase}`)}</b>
          <span className="dth-small dth-muted dth-num">{state === 'todo' ? words.todo : numbers[phase]}</span>
        </li>
      ))}
    </ol>
  );
}

type Term = [key: MessageKey, n: number, swatch: string];
/** Every item that was found is in exactly one of the terms. */
function Equation({ run, counts: c }: { run: RunDetail; counts: Counts }) {
  const { t } = useI18n();
  const f = useFormat();
  const terms: Term[] = run.action === 'VERIFY'
    ? [['count.matched', c.matched, 'good'], ['count.differs', c.differs, 'bad'], ['count.missing', c.missing, 'bad'], ['count.undetermined', c.undetermined, 'warn'], ['count.failed', c.failed, 'bad']]
    : [['count.copied', c.copied, 'done'], ['count.unchanged', c.unchanged, 'soft'], ['count.toDo', run.isOver ? 0 : c.toDo, 'todo'], ['count.failed', c.failed, 'bad'], ['count.deletedAtSource', c.deletedAtSource, 'grey'], ['count.skipped', c.skipped, 'grey']];
  const shown = terms.filter(([key, n], i) => n > 0 || i < 2 || key === 'count.failed');
  return (
    <div className="dth-equation" role="group" aria-label={t('equation.label')}>
      <div data-sign=""><span className="n">{f.count(c.selected)}</span><span className="dth-muted">{t(run.isOver ? 'count.found' : 'count.foundSoFar')}</span></div>
      {shown.map(([key, n, swatch], i) => (
        <div key={key} data-sign={i === 0 ? '=' : '+'}><span className="n">{f.count(n)}</span><span className="dth-muted"><i className={`swatch sw-${swatch}`} />{t(key)}</span></div>
      ))}
    </div>
  );
}

function Figures({ run, counts: c, isListing }: { run: RunDetail; counts: Counts; isListing: boolean }) {
  const { t } = useI18n();
  const f = useFormat();
  const rate = useRate(run);
  const isVerify = run.action === 'VERIFY';
  const done = isVerify ? c.matched + c.differs + c.missing + c.undetermined + c.failed : c.done;
  const left = rate && rate.items > 0 ? (c.selected - done) / rate.items : undefined;
  return (
    <div className="dth-figures">
      <Figure label={t('figure.done')} value={f.count(done)} note={t(isListing ? 'figure.done.sofar' : 'figure.done.of', { n: f.count(c.selected) })} />
      <Figure label={t('count.verified')} value={f.count(isVerify ? c.matched : c.verified)} note={isVerify ? t('figure.matched') : t('figure.verified.of', { n: f.count(c.copied) })} />
      <Figure label={t('figure.rate')} value={rate ? f.rate(rate.bytes) : '–'} note={rate ? t('figure.rate.items', { n: f.count(Math.round(rate.items)) }) : t('figure.measuring')} />
      <Figure label={t('figure.left')} value={left === undefined ? '–' : isListing ? t('figure.left.atleast', { d: f.duration(left) }) : f.range(left * 0.9, left * 1.25)}
        note={left === undefined ? t('figure.measuring') : isListing ? t('figure.left.listing') : undefined} />
    </div>
  );
}

/** How far a run is: its phases, figures, one bar and what adds up. */
export function RunProgress({ run }: { run: RunDetail }) {
  const { t } = useI18n();
  const f = useFormat();
  const narrow = useNarrow();
  const counts = countsOf(run);
  const isListing = !run.isOver && phasesOf(run).some(({ phase, state }) => phase === 'LIST' && state !== 'done');
  const figures = !run.isOver && <Figures run={run} counts={counts} isListing={isListing} />;
  const phases = <Phases run={run} counts={counts} />;
  return (
    <Container header={
      <Header variant="h2" info={!run.isOver && <Live />}
        description={<>{t('run.started')} <Time at={run.createdAt} relative={false} /> · {t(run.isOver ? 'run.took' : 'run.elapsed')} <Elapsed since={run.createdAt} until={run.endedAt} /></>}>{t('run.progress')}</Header>
    }>
      <SpaceBetween size="l">
        {narrow ? figures : phases}
        {narrow ? phases : figures}
        <div>
          <Bar size="tall" label={t('outcome.sofar', { done: f.count(counts.done), n: f.count(counts.selected) })} parts={partsOf(run, isListing)} />
          {isListing && <div className="dth-barcaption dth-small dth-muted"><span style={{ inlineSize: '80%' }}>{t('bar.listed')}</span><span>{t('bar.open')}</span></div>}
        </div>
        <Equation run={run} counts={counts} />
      </SpaceBetween>
    </Container>
  );
}
