import { useState } from 'react';
import Box from '@cloudscape-design/components/box';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { FormErrors } from '../../components/FormErrors';
import { Code } from '../../components/parts';
import { useI18n } from '../../i18n/i18n';
import { useTaskPolicy } from '../../services/policy';
import type { Task } from '../../services/tasks';

/** With lines and indents, where it is JSON. */
function laidOut(text: string) {
  try { return JSON.stringify(JSON.parse(text), null, 2); } catch { return text; }
}

/** The least that a credential has to be allowed, as a policy of IAM. */
export function Policies({ task }: { task: Task }) {
  const { t } = useI18n();
  const [open, setOpen] = useState(false);
  const [side, setSide] = useState<'SOURCE' | 'DESTINATION'>('SOURCE');
  const query = useTaskPolicy(task.id, side, open);
  return (
    <ExpandableSection variant="container" expanded={open} onChange={({ detail }) => setOpen(detail.expanded)} headerText={t('policy.title')} headerDescription={t('policy.text')}>
      <SpaceBetween size="m">
        <SegmentedControl selectedId={side} label={t('policy.side')} options={(['SOURCE', 'DESTINATION'] as const).map((id) => ({ id, text: t(id === 'SOURCE' ? 'options.source' : 'options.destination') }))} onChange={({ detail }) => setSide(detail.selectedId as 'SOURCE')} />
        {query.error ? <FormErrors error={query.error} fields={[]} /> : query.data === '' ? <Box color="text-body-secondary">{t('policy.none')}</Box> : <Code text={query.data === undefined ? t('loading') : laidOut(query.data)} />}
      </SpaceBetween>
    </ExpandableSection>
  );
}
