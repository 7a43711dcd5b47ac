import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { Dash } from '../../components/parts';
import { useI18n } from '../../i18n/i18n';
import type { AuditEvent } from '../../services/audit';

export function Outcome({ event }: { event: AuditEvent }) {
  const { word } = useI18n();
  return <StatusIndicator type={event.outcome === 'OK' ? 'success' : 'error'}>{word('audit.outcome', event.outcome)}</StatusIndicator>;
}

export function Target({ event }: { event: AuditEvent }) {
  const { word } = useI18n();
  if (!event.targetKind && !event.targetName) return <Dash />;
  return <div className="dth-two"><span className="dth-wrap">{event.targetName || event.targetId}</span><span className="dth-small dth-muted">{event.targetKind && word('target', event.targetKind)}</span></div>;
}
