import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import { useI18n } from '../../i18n/i18n';
import type { Worker } from '../../services/workers';

const looks: Record<Worker['state'], StatusIndicatorProps.Type> = { READY: 'success', BUSY: 'in-progress', DRAINING: 'pending', DRAINED: 'stopped', LOST: 'error' };

export function WorkerStatus({ worker }: { worker: Pick<Worker, 'state'> }) {
  const { word } = useI18n();
  return <StatusIndicator type={looks[worker.state] ?? 'info'} colorOverride={worker.state === 'BUSY' ? 'blue' : undefined}>{word('worker', worker.state)}</StatusIndicator>;
}
