import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Tiles from '@cloudscape-design/components/tiles';
import type { TaskDraft } from '../../components/task/draft';
import { errorAt } from '../../components/task/draft';
import { useI18n } from '../../i18n/i18n';
import type { UserError } from '../../services/mutation';
import type { Plugin } from '../../services/tasks';

export interface StepProps {
  draft: TaskDraft;
  set: (part: Partial<TaskDraft>) => void;
  /** What the hub says of this step's fields. */
  errors: readonly UserError[];
}

export function KindStep({ draft, set, errors, plugins }: StepProps & { plugins: readonly Plugin[] }) {
  const { t, word } = useI18n();
  const plugin = plugins.find(({ kind }) => kind === draft.kind);
  const helpOf = (action: string, help: string) => { const known = word('action.text', action); return known === action ? help : known; };
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">{t('task.what')}</Header>}>
        <SpaceBetween size="l">
          {plugins.length > 1 && <Tiles ariaLabel={t('options.kind')} value={draft.kind} items={plugins.map(({ kind }) => ({ value: kind, label: word('kind', kind) }))} onChange={({ detail }) => set({ kind: detail.value })} />}
          <FormField stretch label={t('options.action')} errorText={errorAt(errors, 'action', 'kind')}>
            <Tiles ariaLabel={t('options.action')} columns={3} value={draft.action} items={(plugin?.actions ?? []).map(({ action, help }) => ({ value: action, label: word('action', action), description: helpOf(action, help) }))}
              onChange={({ detail }) => set({ action: detail.value as TaskDraft['action'] })} />
          </FormField>
        </SpaceBetween>
      </Container>
      <Container header={<Header variant="h2">{t('task.called')}</Header>}>
        <SpaceBetween size="l">
          <FormField stretch label={t('field.thing')} errorText={errorAt(errors, 'name')}><Input value={draft.name} autoComplete="off" spellcheck={false} placeholder={t('task.name.example')} onChange={({ detail }) => set({ name: detail.value })} /></FormField>
          <FormField stretch label={<>{t('field.description')} <i>– {t('field.optional')}</i></>} errorText={errorAt(errors, 'description')}><Input value={draft.description} autoComplete="off" onChange={({ detail }) => set({ description: detail.value })} /></FormField>
          <FormField stretch label={<>{t('field.labels')} <i>– {t('field.optional')}</i></>} constraintText={t('field.labels.text')} errorText={errors.find(({ field }) => field?.includes('labels'))?.message}><Input value={draft.labels} autoComplete="off" spellcheck={false} placeholder="team=media, tier=1" onChange={({ detail }) => set({ labels: detail.value })} /></FormField>
        </SpaceBetween>
      </Container>
    </SpaceBetween>
  );
}
