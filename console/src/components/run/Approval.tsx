import { useState } from 'react';
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';
import { flash } from '../../app/flash';
import { useFormat, useI18n } from '../../i18n/i18n';
import { useApproveDeletions, useRejectDeletions, type Deletions, type Run } from '../../services/runs';
import { FormModal } from '../Confirm';
import { FormErrors } from '../FormErrors';
import { Time } from '../parts';
import { placeName } from './placeName';
import { OperatorButton } from './RunActions';

type Waiting = Pick<Run, 'id' | 'destination' | 'waiting'> & { deletions?: Deletions | null };
const samplesMax = 10;
/** Also where the run went on, and its window is gone, before the answer came. What was refused stands in the window. */
const decided = (answer: Promise<unknown>, then: () => void) => answer.then(then, () => undefined);

function Samples({ deletions }: { deletions: Deletions }) {
  const { t } = useI18n();
  const f = useFormat();
  const shown = deletions.sampleKeys.slice(0, samplesMax);
  const rest = Number(deletions.count) - shown.length;
  if (shown.length === 0) return null;
  return (
    <div>
      <Box variant="awsui-key-label">{t('approval.samples')}</Box>
      <ul className="dth-plain dth-mono">{shown.map((key) => <li key={key} className="dth-wrap">{key}</li>)}{rest > 0 && <li className="dth-muted">{t('approval.more', { n: rest, count: f.count(rest) })}</li>}</ul>
    </div>
  );
}

/** The person who approves types where the objects go: this cannot be undone. */
function Approve({ run, deletions, onDismiss }: { run: Waiting; deletions: Deletions; onDismiss: () => void }) {
  const { t } = useI18n();
  const f = useFormat();
  const change = useApproveDeletions();
  const [typed, setTyped] = useState('');
  const name = placeName(run.destination ?? '');
  const count = Number(deletions.count);
  const values = { n: count, count: f.count(count) };
  return (
    <FormModal title={t('approval.approve.of', values)} action={t('approval.approve.action', values)} isPending={change.isPending} disabled={typed.trim() !== name} onDismiss={onDismiss}
      onSubmit={() => void decided(change.mutateAsync({ input: { runId: run.id, expectedCount: deletions.count } }), () => { flash('success', t('approval.approved', values)); onDismiss(); })}>
      <FormErrors error={change.error} fields={[]} />
      <Alert type="warning">{t('approval.approve.text', { ...values, all: f.count(Number(deletions.destinationCount)), place: run.destination ?? '' })}</Alert>
      <Samples deletions={deletions} />
      <FormField stretch label={t('approval.type', { name })}><Input value={typed} autoFocus autoComplete="off" spellcheck={false} onChange={({ detail }) => setTyped(detail.value)} /></FormField>
    </FormModal>
  );
}

function Reject({ run, deletions, onDismiss }: { run: Waiting; deletions: Deletions; onDismiss: () => void }) {
  const { t } = useI18n();
  const f = useFormat();
  const change = useRejectDeletions();
  const [comment, setComment] = useState('');
  const count = Number(deletions.count);
  return (
    <FormModal title={t('approval.reject.of', { n: count, count: f.count(count) })} action={t('approval.reject')} isPending={change.isPending} onDismiss={onDismiss}
      onSubmit={() => void decided(change.mutateAsync({ input: { runId: run.id, comment: comment.trim() || null } }), () => { flash('success', t('approval.rejected')); onDismiss(); })}>
      <FormErrors error={change.error} fields={[]} />
      <Box>{t('approval.reject.text')}</Box>
      <FormField stretch label={<>{t('approval.comment')} <i>– {t('field.optional')}</i></>}><Textarea value={comment} autoFocus rows={2} onChange={({ detail }) => setComment(detail.value)} /></FormField>
    </FormModal>
  );
}

/** What a run would delete, and the decision about it. Nothing where none is asked for. */
export function Approval({ run }: { run: Waiting }) {
  const { t } = useI18n();
  const f = useFormat();
  const [asked, ask] = useState<'approve' | 'reject'>();
  const { deletions, waiting } = run;
  if (!deletions || waiting?.for !== 'APPROVAL' || deletions.decision) return null;
  const count = Number(deletions.count);
  const close = () => ask(undefined);
  return (
    <>
      <Alert type="warning" header={t('approval.title', { n: count, count: f.count(count) })} action={
        <SpaceBetween direction="horizontal" size="xs">
          <OperatorButton onClick={() => ask('reject')}>{t('approval.reject')}</OperatorButton>
          <OperatorButton variant="primary" onClick={() => ask('approve')}>{t('approval.review')}</OperatorButton>
        </SpaceBetween>
      }>
        <SpaceBetween size="xs">
          <span>{t('approval.text', { all: f.count(Number(deletions.destinationCount)), place: run.destination ?? '' })} <span className="dth-small dth-muted">{t('approval.counted')} <Time at={deletions.countedAt} /></span></span>
        </SpaceBetween>
      </Alert>
      {asked === 'approve' && <Approve run={run} deletions={deletions} onDismiss={close} />}
      {asked === 'reject' && <Reject run={run} deletions={deletions} onDismiss={close} />}
    </>
  );
}

/** Who decided, once somebody has. */
export function DeletionDecision({ deletions }: { deletions?: Deletions | null }) {
  const { t } = useI18n();
  const f = useFormat();
  if (!deletions?.decision) return null;
  const count = Number(deletions.count);
  return (
    <Alert type="info">
      {t(`approval.decision.${deletions.decision}`, { n: count, count: f.count(count), who: deletions.decidedBy ?? '–' })} <span className="dth-small dth-muted"><Time at={deletions.decidedAt} /></span>
    </Alert>
  );
}
