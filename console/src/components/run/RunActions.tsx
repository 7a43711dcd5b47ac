import { useState } from 'react';
import { useNavigate } from '@tanstack/react-router';
import Box from '@cloudscape-design/components/box';
import Button, { type ButtonProps } from '@cloudscape-design/components/button';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { flash } from '../../app/flash';
import { useFormat, useI18n } from '../../i18n/i18n';
import { countsOf, useCancelRun, usePauseRun, useResumeRun, useRetryRun, type Run, type RunDetail } from '../../services/runs';
import { useRole } from '../../services/session';
import { Confirm } from '../Confirm';
import { CodeLine } from '../parts';

/** Why the reader may not do what needs a role; undefined where they may. */
export function useLack(needs: 'OPERATOR' | 'ADMIN') {
  const { t } = useI18n();
  const { can, viewer } = useRole();
  return can(needs) ? undefined : t('role.needed', { needed: t(`role.${needs}`), role: t(`role.${viewer?.role ?? 'ANYONE'}`) });
}

/** A button that operators may press, or administrators; others see why they may not. */
export function OperatorButton({ needs = 'OPERATOR', ...props }: ButtonProps & { needs?: 'OPERATOR' | 'ADMIN' }) {
  const lack = useLack(needs);
  return <Button {...props} disabled={props.disabled || Boolean(lack)} disabledReason={lack ?? props.disabledReason} />;
}

export interface Selection { count: number; reasons?: string[]; codes?: string[]; keys?: string[] }

interface RetryProps { run: RunDetail; selection: Selection; onDismiss: () => void }

/** What this run needs is on the host of its process alone: there, one command retries all that failed. */
function RetryThere({ run, onDismiss }: RetryProps) {
  const { t } = useI18n();
  return (
    <Modal visible header={t('retry.there')} onDismiss={onDismiss} footer={<Box float="right"><Button variant="primary" onClick={onDismiss}>{t('close')}</Button></Box>}>
      <SpaceBetween size="m"><Box>{t('retry.there.text')}</Box><CodeLine text={`dth run retry ${run.id}`} /></SpaceBetween>
    </Modal>
  );
}

/** Asks, then makes a new run over failed items and goes there. */
function RetryHere({ run, selection, onDismiss }: RetryProps) {
  const { t } = useI18n();
  const f = useFormat();
  const navigate = useNavigate();
  const change = useRetryRun();
  const { count, ...which } = selection;
  return (
    <Confirm title={t('retry.title', { n: count, count: f.count(count) })} action={t('retry.action')} isPending={change.isPending} error={change.error} onDismiss={onDismiss}
      onConfirm={() => change.mutate({ input: { id: run.id, ...(which as object) } }, {
        onSuccess: ({ retryRun }) => { onDismiss(); if (retryRun.run) void navigate({ to: '/runs/$id', params: { id: retryRun.run.id } }); },
      })}>
      <Box>{t('retry.text')}</Box>
    </Confirm>
  );
}
export const Retry = (props: RetryProps) => (props.run.isBoundToProcess ? <RetryThere {...props} /> : <RetryHere {...props} />);

export function CancelRun({ run, onDismiss }: { run: Run; onDismiss: () => void }) {
  const { t } = useI18n();
  const f = useFormat();
  const change = useCancelRun();
  const c = countsOf(run);
  return (
    <Confirm title={t('cancelrun.title')} action={t('cancelrun.action')} isPending={change.isPending} error={change.error} onDismiss={onDismiss}
      onConfirm={() => change.mutate({ input: { id: run.id } }, { onSuccess: onDismiss })}>
      <Box>{t('cancelrun.text', { copied: f.count(c.copied), toDo: f.count(c.toDo) })}</Box>
    </Confirm>
  );
}

export function RunActions({ run }: { run: RunDetail }) {
  const { t } = useI18n();
  const f = useFormat();
  const pause = usePauseRun();
  const resume = useResumeRun();
  const [asking, ask] = useState<'cancel' | 'retry'>();
  const failed = countsOf(run).failed;
  const report = { onError: (error: Error) => flash('error', error.message) };
  const canResume = run.state === 'PAUSED' || run.state === 'WAITING';
  const canPause = run.state === 'RUNNING' || run.state === 'QUEUED';
  const close = () => ask(undefined);
  return (
    <>
      <SpaceBetween direction="horizontal" size="xs">
        {canPause && <OperatorButton iconName="pause" loading={pause.isPending} onClick={() => pause.mutate({ input: { id: run.id } }, report)}>{t('run.pause')}</OperatorButton>}
        {canResume && <OperatorButton variant="primary" iconName="play" loading={resume.isPending} onClick={() => resume.mutate({ input: { id: run.id } }, report)}>{t('run.resume')}</OperatorButton>}
        {!run.isOver && run.state !== 'CANCELLING' && <OperatorButton onClick={() => ask('cancel')}>{t('cancelrun.action')}</OperatorButton>}
        {run.isOver && failed > 0 && run.action !== 'VERIFY' && <OperatorButton variant="primary" onClick={() => ask('retry')}>{t('retry.failed', { count: f.count(failed) })}</OperatorButton>}
      </SpaceBetween>
      {asking === 'cancel' && <CancelRun run={run} onDismiss={close} />}
      {asking === 'retry' && <Retry run={run} selection={{ count: failed }} onDismiss={close} />}
    </>
  );
}
