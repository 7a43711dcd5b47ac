import type { ReactNode } from 'react';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useI18n } from '../i18n/i18n';
import { FormErrors } from './FormErrors';

interface Props {
  /** Verb and object: "Delete anna@example.org". */
  title: string;
  /** The verb again. */
  action: string;
  children: ReactNode;
  isPending: boolean;
  error: Error | null;
  onConfirm: () => void;
  onDismiss: () => void;
}

/** Asks before something is destroyed. What is lost and what stays is its text. */
export function Confirm({ title, action, children, isPending, error, onConfirm, onDismiss }: Props) {
  const { t } = useI18n();
  return (
    <Modal visible header={title} onDismiss={onDismiss}
      footer={<Box float="right"><SpaceBetween direction="horizontal" size="xs"><Button variant="link" onClick={onDismiss}>{t('cancel')}</Button><Button variant="primary" loading={isPending} onClick={onConfirm}>{action}</Button></SpaceBetween></Box>}>
      <SpaceBetween size="m"><FormErrors error={error} fields={[]} />{children}</SpaceBetween>
    </Modal>
  );
}

/** A window with a form; it is sent by Enter as well. */
export function FormModal({ title, action, children, isPending, disabled, onSubmit, onDismiss }: {
  title: string; action: string; children: ReactNode; isPending: boolean; disabled?: boolean; onSubmit: () => void; onDismiss: () => void;
}) {
  const { t } = useI18n();
  return (
    <Modal visible header={title} onDismiss={onDismiss}
      footer={<Box float="right"><SpaceBetween direction="horizontal" size="xs"><Button variant="link" onClick={onDismiss}>{t('cancel')}</Button><Button variant="primary" loading={isPending} disabled={disabled} onClick={onSubmit}>{action}</Button></SpaceBetween></Box>}>
      <form onSubmit={(event) => { event.preventDefault(); if (!disabled && !isPending) onSubmit(); }}>
        <SpaceBetween size="m">{children}</SpaceBetween>
        <button type="submit" hidden aria-hidden tabIndex={-1} />
      </form>
    </Modal>
  );
}
