import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import SplitPanel from '@cloudscape-design/components/split-panel';
import Table from '@cloudscape-design/components/table';
import { Copy, Dash, Time } from '../../components/parts';
import { useI18n } from '../../i18n/i18n';
import { changesOf, type AuditEvent } from '../../services/audit';
import { Outcome, Target } from './AuditCells';

/** What an event changed, before and after. Secrets are only said to be changed. */
export function AuditDetail({ event }: { event: AuditEvent }) {
  const { t, word } = useI18n();
  const changes = changesOf(event);
  return (
    <SplitPanel header={t('audit.event')} closeBehavior="hide" hidePreferencesButton>
      <SpaceBetween size="l">
        <KeyValuePairs columns={2} items={[
          { label: t('audit.col.at'), value: <Time at={event.at} relative={false} /> }, { label: t('audit.col.who'), value: <>{event.actorName || event.actorId || <Dash />} ({word('actor', event.actorKind)})</> },
          { label: t('audit.col.from'), value: event.address || <Dash /> }, { label: t('audit.col.did'), value: <span className="dth-wrap">{word('audit.action', event.action)}</span> },
          { label: t('audit.col.target'), value: <Target event={event} /> }, { label: t('audit.col.outcome'), value: <Outcome event={event} /> },
          { label: t('error.request'), value: event.requestId ? <Copy text={event.requestId} /> : <Dash /> }, { label: t('audit.id'), value: <Copy text={event.id} /> },
        ]} />
        {changes.length > 0 && (
          <Table variant="embedded" items={changes} wrapLines ariaLabels={{ tableLabel: t('audit.changes') }} columnDefinitions={[
            { id: 'field', header: t('audit.field'), isRowHeader: true, cell: (change) => change.field },
            { id: 'before', header: t('audit.before'), cell: (change) => change.before ?? <Dash /> },
            { id: 'after', header: t('audit.after'), cell: (change) => change.after ?? <Dash /> },
          ]} />
        )}
      </SpaceBetween>
    </SplitPanel>
  );
}
