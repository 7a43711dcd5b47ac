import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useI18n } from '../i18n/i18n';
import { CodeLine } from './parts';

/** A secret that the hub tells once. It is kept nowhere in the browser and gone when the window closes. */
export function ShownOnce({ title, text, secret, example, onDismiss }: { title: string; text: string; secret: string; example?: { label: string; command: string }; onDismiss: () => void }) {
  const { t } = useI18n();
  return (
    <Modal visible header={title} onDismiss={onDismiss} footer={<Box float="right"><Button variant="primary" onClick={onDismiss}>{t('once.done')}</Button></Box>}>
      <SpaceBetween size="m">
        <Alert type="warning">{text}</Alert>
        <CodeLine text={secret} />
        {example && <><Box variant="awsui-key-label">{example.label}</Box><CodeLine text={example.command} /></>}
      </SpaceBetween>
    </Modal>
  );
}
