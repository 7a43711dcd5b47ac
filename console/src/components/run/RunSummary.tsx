import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import Grid from '@cloudscape-design/components/grid';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useFormat, useI18n, type MessageKey } from '../../i18n/i18n';
import { countsOf, type RunDetail } from '../../services/runs';
import { Bar, CodeLine, type BarPart } from '../parts';

/** How the run's items were verified, what became of them, and everything else that was counted. */
export function RunSummary({ run }: { run: RunDetail }) {
  const { t, word } = useI18n();
  const f = useFormat();
  const c = countsOf(run);
  const ways: [MessageKey, number, BarPart['look']][] = run.action === 'VERIFY'
    ? [['count.matched', c.matched, 'good'], ['count.differs', c.differs, 'bad'], ['count.missing', c.missing, 'bad'], ['count.undetermined', c.undetermined, 'warn'], ['count.extra', c.extra, 'grey']]
    : [['proof.sourceChecksum', c.sourceChecksum, 'good'], ['proof.transitChecksum', c.transitChecksum, 'done'], ['proof.recomputedEtag', c.recomputedEtag, 'soft'], ['proof.readBack', c.readBack, 'todo'], ['proof.none', c.notVerified, 'bad']];
  const all = Math.max(1, ways.reduce((sum, [, n]) => sum + n, 0));
  const outcomes: [MessageKey, number][] = [['count.listed', c.listed], ['count.selected', c.selected], ['count.copied', c.copied], ['count.unchanged', c.unchanged], ['count.skipped', c.skipped], ['count.deletedAtSource', c.deletedAtSource], ['count.failed', c.failed], ['count.deleted', c.deleted]];
  const label = t(run.action === 'VERIFY' ? 'summary.verify' : 'summary.proofs');
  return (
    <SpaceBetween size="l">
      <Grid gridDefinition={[{ colspan: { default: 12, m: 6 } }, { colspan: { default: 12, m: 6 } }]}>
        <Container fitHeight header={<Header variant="h2">{label}</Header>}>
          <SpaceBetween size="m">
            {ways.every(([, n]) => n === 0) && <Box color="text-body-secondary">{t(run.action === 'VERIFY' ? 'summary.verify.none' : 'summary.proofs.none')}</Box>}
            <Bar size="tall" label={label} parts={ways.map(([, n, look]) => ({ share: n / all, look }))} />
            {ways.map(([key, n, look]) => <div key={key} className="dth-row between"><span><i className={`swatch sw-${look}`} />{t(key)}</span><b className="dth-num">{f.count(n)}</b></div>)}
          </SpaceBetween>
        </Container>
        <Container fitHeight header={<Header variant="h2">{t('summary.outcomes')}</Header>}>
          <SpaceBetween size="m">{outcomes.map(([key, n]) => <div key={key} className="dth-row between"><span>{t(key)}</span><b className="dth-num">{f.count(n)}</b></div>)}</SpaceBetween>
        </Container>
      </Grid>
      <Container header={<Header variant="h2" description={t('summary.ledger.text')}>{t('summary.ledger')}</Header>}><CodeLine text={`dth ledger verify ${run.id}`} /></Container>
      <ExpandableSection variant="container" headerText={t('summary.counters')}>
        <KeyValuePairs columns={4} items={run.counters.map(({ name, unit, value }) => ({ label: word('counter', name), value: <span className="dth-num">{unit === 'BYTES' ? f.bytes(Number(value)) : f.count(Number(value))}</span> }))} />
      </ExpandableSection>
    </SpaceBetween>
  );
}
