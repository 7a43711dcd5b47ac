import { useState } from 'react';
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import Textarea from '@cloudscape-design/components/textarea';
import { flash } from '../../app/flash';
import { Confirm, FormModal } from '../Confirm';
import { FormErrors } from '../FormErrors';
import { useI18n } from '../../i18n/i18n';
import { useCreateCredential, useCredentialKinds, useCredentials, useDeleteCredential, useRotateCredential, type Credential, type CredentialField, type CredentialKind } from '../../services/credentials';
import { Refused } from '../../services/mutation';
import { labelOf, sentence } from '../options/values';

type Values = Record<string, string>;
const filled = (values: Values) => Object.entries(values).filter(([, value]) => value !== '').map(([name, value]) => ({ name, value }));
const isComplete = (fields: readonly CredentialField[], values: Values) => fields.every(({ name, isRequired }) => !isRequired || Boolean(values[name]));
const basesMax = 500;
const longText = /json|key-file|pem|config/;

/** What the hub says of one declared field: its paths end in the field's name. */
function errorOfField(error: Error | null, name: string) {
  return error instanceof Refused ? error.errors.find(({ field }) => field?.some((part) => part === name || part.endsWith(`.${name}`)))?.message : undefined;
}

const labelOfField = (known: string, name: string) => (known === name ? labelOf(name) : known);

/** The fields that a kind declares. Secrets are not shown, not kept by the browser, and never come back from the hub. */
function Fields({ fields, values, secret, error, onChange }: { fields: readonly CredentialField[]; values: Values; secret: boolean; error: Error | null; onChange: (values: Values) => void }) {
  const { t, word, hubText } = useI18n();
  return fields.map(({ name, help, placeholder, isRequired }) => (
    <FormField key={name} stretch label={<>{labelOfField(word('credfield', name), name)}{!isRequired && <i> – {t('field.optional')}</i>}</>} description={sentence(hubText('field', name, help))} errorText={errorOfField(error, name)}>
      {longText.test(name)
        ? <Textarea value={values[name] ?? ''} placeholder={placeholder ?? undefined} autoComplete={false} spellcheck={false} onChange={({ detail }) => onChange({ ...values, [name]: detail.value })} />
        : <Input value={values[name] ?? ''} type={secret ? 'password' : 'text'} autoComplete={secret ? 'new-password' : 'off'} spellcheck={false} placeholder={placeholder ?? undefined} onChange={({ detail }) => onChange({ ...values, [name]: detail.value })} />}
    </FormField>
  ));
}

/** `kinds`: only of these, where something else asks for a credential; it gets the new one's id. */
export function CreateCredential({ kinds: allowed, onCreated, onDismiss }: { kinds?: readonly string[]; onCreated?: (id: string) => void; onDismiss: () => void }) {
  const { t, word, hubText } = useI18n();
  const kinds = useCredentialKinds();
  const offered = kinds.data?.filter((each) => !allowed || allowed.includes(each.name));
  const change = useCreateCredential();
  const [name, setName] = useState('');
  const [chosen, setKind] = useState<string>();
  const [options, setOptions] = useState<Values>({});
  const [secrets, setSecrets] = useState<Values>({});
  const [baseId, setBase] = useState<string>();
  const existing = useCredentials(basesMax);
  const bases = (existing.data?.nodes ?? []).map(({ id, name: label }) => ({ value: id, label }));
  // Most people come with keys: the kind with the most secrets is offered first.
  const usual = offered?.toSorted((a, b) => b.secrets.length - a.secrets.length)[0]?.name;
  const kind = offered?.find((each) => each.name === (chosen ?? usual));
  const choices = (offered ?? []).map((each) => ({ value: each.name, label: word('credkind', each.name), description: sentence(hubText('credkind', each.name, each.help)) }));
  const shownFields = ['name', 'baseId', ...(kind ? [...kind.options, ...kind.secrets].map((each) => each.name) : [])];
  return (
    <FormModal title={t('credentials.create')} action={t('credentials.create')} isPending={change.isPending} disabled={!name || !kind || (kind.needsBase && !baseId) || !isComplete(kind.options, options) || !isComplete(kind.secrets, secrets)} onDismiss={onDismiss}
      onSubmit={() => change.mutate({ input: { name, kind: kind!.name, options: filled(options), secrets: filled(secrets), ...(kind!.needsBase && { baseId }) } }, { onSuccess: ({ createCredential: { credential } }) => { flash('success', t('credentials.create.done', { name })); onDismiss(); if (credential) onCreated?.(credential.id); } })}>
      <FormErrors error={change.error ?? kinds.error} fields={shownFields} />
      <FormField label={t('field.thing')} stretch errorText={errorOfField(change.error, 'name')}><Input value={name} autoFocus autoComplete="off" onChange={({ detail }) => setName(detail.value)} /></FormField>
      <FormField label={t('credentials.kind')} stretch>
        <Select expandToViewport selectedOption={choices.find(({ value }) => value === kind?.name) ?? null} options={choices} statusType={kinds.isPending ? 'loading' : 'finished'} loadingText={t('loading')}
          onChange={({ detail }) => { setKind(detail.selectedOption.value); setOptions({}); setSecrets({}); }} />
      </FormField>
      {kind?.needsBase && (
        <FormField label={t('credentials.base')} description={t('credentials.base.text')} stretch errorText={errorOfField(change.error, 'baseId')}>
          <Select expandToViewport selectedOption={bases.find(({ value }) => value === baseId) ?? null} options={bases} empty={t('credentials.none')} onChange={({ detail }) => setBase(detail.selectedOption.value)} />
        </FormField>
      )}
      {kind && <Fields fields={kind.options} values={options} secret={false} error={change.error} onChange={setOptions} />}
      {kind && <Fields fields={kind.secrets} values={secrets} secret error={change.error} onChange={setSecrets} />}
    </FormModal>
  );
}

export function RotateCredential({ credential, kind, onDismiss }: { credential: Credential; kind: CredentialKind; onDismiss: () => void }) {
  const { t } = useI18n();
  const change = useRotateCredential();
  const [secrets, setSecrets] = useState<Values>({});
  return (
    <FormModal title={t('credentials.rotate.of', { name: credential.name })} action={t('credentials.rotate')} isPending={change.isPending} disabled={!isComplete(kind.secrets, secrets)} onDismiss={onDismiss}
      onSubmit={() => change.mutate({ input: { id: credential.id, secrets: filled(secrets) } }, { onSuccess: () => { flash('success', t('credentials.rotate.done', { name: credential.name })); onDismiss(); } })}>
      <FormErrors error={change.error} fields={kind.secrets.map(({ name }) => name)} />
      <Alert type="info">{t('credentials.rotate.text')}</Alert>
      <Fields fields={kind.secrets} values={secrets} secret error={change.error} onChange={setSecrets} />
    </FormModal>
  );
}

export function DeleteCredential({ credential, onDismiss }: { credential: Credential; onDismiss: () => void }) {
  const { t } = useI18n();
  const change = useDeleteCredential();
  return (
    <Confirm title={t('credentials.delete.of', { name: credential.name })} action={t('delete')} isPending={change.isPending} error={change.error} onDismiss={onDismiss}
      onConfirm={() => change.mutate({ input: { id: credential.id } }, { onSuccess: () => { flash('success', t('credentials.delete.done', { name: credential.name })); onDismiss(); } })}>
      <Box>{t('credentials.delete.text')}</Box>
    </Confirm>
  );
}
