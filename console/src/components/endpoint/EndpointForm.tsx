import { useState } from 'react';
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import Form from '@cloudscape-design/components/form';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import Link from '@cloudscape-design/components/link';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Tiles from '@cloudscape-design/components/tiles';
import { useI18n } from '../../i18n/i18n';
import { useCreateEndpoint, useUpdateEndpoint, type Endpoint, type EndpointKind, type EndpointTemplate } from '../../services/endpoints';
import { useCredentials } from '../../services/credentials';
import { Refused } from '../../services/mutation';
import { FormModal } from '../Confirm';
import { CreateCredential } from '../credential/CredentialForms';
import { FormErrors } from '../FormErrors';
import { OptionField } from '../options/OptionField';
import { isChanged, withValue, type Declared } from '../options/values';
import { useWide } from '../useNarrow';
import { ConnectionTest } from './ConnectionTest';
import { draftOf, fieldsOf, fromTemplate, inputOf, missingOf, type EndpointDraft } from './draft';

const credentialsMax = 500;
const ownFields = ['name', 'description', 'labels', 'credentialId'];

/** What the hub says of an option: its path ends in the option's name, or in its place in the list. */
function optionError(error: Error | null, draft: EndpointDraft, name: string) {
  if (!(error instanceof Refused)) return undefined;
  const names = inputOf(draft).options?.map((option) => option.name) ?? [];
  return error.errors.find(({ field }) => field?.includes('options') && field.some((part) => part === name || names[Number(part)] === name))?.message;
}

function Credentials({ kind, draft, error, onChange }: { kind: EndpointKind; draft: EndpointDraft; error?: string; onChange: (id?: string) => void }) {
  const { t, word } = useI18n();
  const [isCreating, create] = useState(false);
  const query = useCredentials(credentialsMax);
  const choices = (query.data?.nodes ?? []).filter((each) => kind.credentialKinds.includes(each.kind)).map(({ id, name, kind: of }) => ({ value: id, label: name, description: word('credkind', of) }));
  const none = { value: '', label: t('endpoint.credential.none') };
  return (
    <FormField stretch label={t('endpoint.credential')} description={t('endpoint.credential.text')} errorText={error}
      secondaryControl={<Button iconName="add-plus" onClick={() => create(true)}>{t('credentials.create')}</Button>}>
      <Select expandToViewport filteringType={choices.length > 8 ? 'auto' : 'none'} selectedOption={choices.find(({ value }) => value === draft.credentialId) ?? none} options={[none, ...choices]} ariaLabel={t('endpoint.credential')}
        statusType={query.isPending ? 'loading' : query.error ? 'error' : 'finished'} loadingText={t('loading')} errorText={query.error?.message} recoveryText={t('error.again')} onLoadItems={() => undefined}
        onChange={({ detail }) => onChange(detail.selectedOption.value || undefined)} />
      {isCreating && <CreateCredential kinds={kind.credentialKinds} onDismiss={() => create(false)} onCreated={onChange} />}
    </FormField>
  );
}

function Options({ shown, draft, error, isRequired, onChange }: { shown: readonly Declared[]; draft: EndpointDraft; error: Error | null; isRequired: boolean; onChange: (draft: EndpointDraft) => void }) {
  return shown.map((option) => (
    <OptionField key={option.name} option={option} given={draft.options[option.name] ?? []} isRequired={isRequired} isMarked={!isRequired && isChanged(option, draft.options)} error={optionError(error, draft, option.name)}
      onChange={(given) => onChange({ ...draft, options: withValue(draft.options, option.name, given) })} />
  ));
}

/** A secret that is kept goes to no new host before somebody has said so. */
function ConfirmHost({ message, isPending, onConfirm, onDismiss }: { message: string; isPending: boolean; onConfirm: (host: string) => void; onDismiss: () => void }) {
  const { t } = useI18n();
  const [host, setHost] = useState('');
  return (
    <FormModal title={t('endpoint.host.title')} action={t('endpoint.host.action')} disabled={host.trim() === ''} isPending={isPending} onDismiss={onDismiss} onSubmit={() => onConfirm(host.trim())}>
      <Alert type="warning">{message}</Alert>
      <FormField stretch label={t('endpoint.host.label')}><Input value={host} autoFocus autoComplete="off" spellcheck={false} onChange={({ detail }) => setHost(detail.value)} /></FormField>
    </FormModal>
  );
}

interface Props {
  kinds: readonly EndpointKind[];
  templates: readonly EndpointTemplate[];
  /** What is changed; without it a new one is made. */
  endpoint?: Endpoint;
  /** In a panel beside something else. */
  isNarrow?: boolean;
  onSaved: (endpoint: Pick<Endpoint, 'id' | 'name'>) => void;
  onCancel: () => void;
}

export function EndpointForm({ kinds, templates, endpoint, isNarrow = false, onSaved, onCancel }: Props) {
  const { t, hubText } = useI18n();
  const wide = useWide();
  const create = useCreateEndpoint();
  const update = useUpdateEndpoint();
  const [draft, setDraft] = useState<EndpointDraft | undefined>(() => (endpoint ? draftOf(endpoint) : undefined));
  const [isTried, setTried] = useState(false);
  const [bucket, setBucket] = useState('');
  // Fields stay where they are while one of them is emptied.
  const [given] = useState(() => draft?.options ?? {});
  const template = templates.find(({ name }) => name === draft?.vendor);
  const kind = kinds.find(({ name }) => name === draft?.kind);
  const change = endpoint ? update : create;
  const confirmation = change.error instanceof Refused ? change.error.errors.find(({ code }) => code === 'CONFIRMATION_REQUIRED') : undefined;
  const error = confirmation ? null : change.error;
  const fields = draft && kind ? fieldsOf(kind, template, given) : { asked: [], folded: [] };
  const missing = draft ? missingOf(template ? fields.asked : [], draft.options) : [];
  const isComplete = Boolean(draft?.name.trim()) && missing.length === 0;
  const save = (confirmHost?: string) => {
    setTried(true);
    if (!draft || !isComplete) return;
    const input = inputOf(draft);
    if (endpoint) update.mutate({ input: { id: endpoint.id, revision: endpoint.revision, endpoint: input, ...(confirmHost && { confirmHost }) } }, { onSuccess: ({ updateEndpoint: done }) => { if (done.endpoint) onSaved(done.endpoint); } });
    else create.mutate({ input: { endpoint: input } }, { onSuccess: ({ createEndpoint: done }) => { if (done.endpoint) onSaved(done.endpoint); } });
  };
  const missingText = (name: string) => (isTried && missing.some((option) => option.name === name) ? t('field.required') : undefined);
  const set = (part: Partial<EndpointDraft>) => setDraft((known) => known && { ...known, ...part });
  const ownError = (field: string) => (error instanceof Refused ? error.errors.find(({ field: path }) => path?.at(-1) === field && !path.includes('options'))?.message : undefined);
  const shownErrors = [...ownFields, ...fields.asked.map(({ name }) => name), ...fields.folded.map(({ name }) => name)];
  const isOptionError = error instanceof Refused && error.errors.some(({ field }) => field?.includes('options'));
  const testInput = draft && {
    ...(endpoint && JSON.stringify(inputOf(draft)) === JSON.stringify(inputOf(draftOf(endpoint))) ? { id: endpoint.id } : { endpoint: { ...inputOf(draft), name: draft.name.trim() || 'test' } }),
    bucket: bucket.trim() || null, prefix: null,
  };
  return (
    <>
      <Form actions={
        <SpaceBetween direction="horizontal" size="xs">
          <Button variant="link" formAction="none" onClick={onCancel}>{t('cancel')}</Button>
          <Button variant="primary" formAction="none" loading={change.isPending} disabled={!draft} onClick={() => save()}>{t(endpoint ? 'save' : 'endpoints.create')}</Button>
        </SpaceBetween>
      }>
        <SpaceBetween size="l">
          {!isOptionError && <FormErrors error={error} fields={shownErrors} />}
          {!endpoint && (
            <Container header={<Header variant="h2" description={t('endpoint.vendor.text')}>{t('endpoint.vendor')}</Header>}>
              <Tiles ariaLabel={t('endpoint.vendor')} columns={isNarrow ? 1 : wide ? 3 : 2} value={draft?.vendor ?? null} items={templates.map(({ name, title, help }) => ({ value: name, label: hubText('vendor', name, title), description: hubText('template', name, help) }))}
                onChange={({ detail }) => { const chosen = templates.find(({ name }) => name === detail.value); if (chosen) setDraft((known) => fromTemplate(chosen, known)); }} />
            </Container>
          )}
          {draft && kind && (
            <Container header={<Header variant="h2" description={template?.documentation ? <Link external href={template.documentation} fontSize="body-s" externalIconAriaLabel={t('link.external')}>{t('endpoint.documentation', { vendor: hubText('vendor', template.name, template.title) })}</Link> : undefined}>{t('endpoint.connection')}</Header>}>
              <SpaceBetween size="l">
                <FormField stretch label={t('field.thing')} errorText={ownError('name') ?? (isTried && !draft.name.trim() ? t('field.required') : undefined)}>
                  <Input value={draft.name} autoComplete="off" spellcheck={false} placeholder={t('endpoint.name.example')} onChange={({ detail }) => set({ name: detail.value })} />
                </FormField>
                {fields.asked.map((option) => (
                  <OptionField key={option.name} option={option} given={draft.options[option.name] ?? []} isRequired={Boolean(template)} error={optionError(error, draft, option.name) ?? missingText(option.name)}
                    onChange={(values) => set({ options: withValue(draft.options, option.name, values) })} />
                ))}
                {kind.credentialKinds.length > 0 && <Credentials kind={kind} draft={draft} error={ownError('credentialId')} onChange={(credentialId) => set({ credentialId })} />}
                {fields.folded.length > 0 && (
                  <ExpandableSection headerText={t('endpoint.more')} headingTagOverride="h3" {...(isOptionError && { defaultExpanded: true })}>
                    <SpaceBetween size="m"><Options shown={fields.folded} draft={draft} error={error} isRequired={false} onChange={setDraft} /></SpaceBetween>
                  </ExpandableSection>
                )}
                <FormField stretch label={<>{t('field.description')} <i>– {t('field.optional')}</i></>} errorText={ownError('description')}><Input value={draft.description} autoComplete="off" onChange={({ detail }) => set({ description: detail.value })} /></FormField>
                <FormField stretch label={<>{t('field.labels')} <i>– {t('field.optional')}</i></>} constraintText={t('field.labels.text')} errorText={ownError('labels')}><Input value={draft.labels} autoComplete="off" spellcheck={false} placeholder="team=media, tier=1" onChange={({ detail }) => set({ labels: detail.value })} /></FormField>
              </SpaceBetween>
            </Container>
          )}
          {draft && kind && testInput && (
            <Container header={<Header variant="h2" description={t('endpoint.test.text')}>{t('endpoint.test')}</Header>}>
              <SpaceBetween size="m">
                {kind.hasServer && <FormField stretch label={<>{t('endpoint.test.bucket')} <i>– {t('field.optional')}</i></>} description={t('endpoint.test.bucket.text')}><Input value={bucket} autoComplete="off" spellcheck={false} onChange={({ detail }) => setBucket(detail.value)} /></FormField>}
                <ConnectionTest input={testInput} disabled={missing.length > 0} disabledReason={t('endpoint.test.missing')} />
              </SpaceBetween>
            </Container>
          )}
          {!draft && templates.length === 0 && <Box color="text-body-secondary">{t('loading')}</Box>}
        </SpaceBetween>
      </Form>
      {confirmation && <ConfirmHost message={confirmation.message} isPending={change.isPending} onConfirm={save} onDismiss={() => change.reset()} />}
    </>
  );
}
