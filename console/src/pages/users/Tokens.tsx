import { useState } from 'react';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import { flash } from '../../app/flash';
import { Confirm, FormModal } from '../../components/Confirm';
import { errorOf, FormErrors } from '../../components/FormErrors';
import type { Column } from '../../components/ListPage';
import { Time } from '../../components/parts';
import { counterOf, firstPlace, LocalPages, type Place } from '../../components/LocalPages';
import { PlainTable } from '../../components/PlainTable';
import { ShownOnce } from '../../components/ShownOnce';
import { useFormat, useI18n } from '../../i18n/i18n';
import { useRole, type Role } from '../../services/session';
import { useCreateToken, useRevokeToken, useTokens, type Token, type TokenScope } from '../../services/users';

const pageSize = 50;
const scopes: { scope: TokenScope; role: Role }[] = [{ scope: 'READ', role: 'VIEWER' }, { scope: 'OPERATE', role: 'OPERATOR' }, { scope: 'ADMIN', role: 'ADMIN' }];
const lifetimes = [30, 90, 366] as const;
const standardLifetime = 90;

function CreateToken({ onDone, onDismiss }: { onDone: (secret: string) => void; onDismiss: () => void }) {
  const { t } = useI18n();
  const { can } = useRole();
  const change = useCreateToken();
  const [name, setName] = useState('');
  const [scope, setScope] = useState<TokenScope>('READ');
  const [days, setDays] = useState<number | null>(standardLifetime);
  const scopeOptions = scopes.map((each) => ({ value: each.scope, label: t(`scope.${each.scope}`), description: t(`scope.${each.scope}.text`), disabled: !can(each.role), disabledReason: t('scope.role') }));
  const dayOptions = [...lifetimes.map((n) => ({ value: String(n), label: t('tokens.days', { n }) })), ...(can('ADMIN') ? [{ value: 'never', label: t('tokens.never') }] : [])];
  return (
    <FormModal title={t('tokens.create')} action={t('tokens.create')} isPending={change.isPending} disabled={!name} onDismiss={onDismiss}
      onSubmit={() => change.mutate({ input: { name, scope, ...(days === null ? { expiresInDays: null, neverExpires: true } : { expiresInDays: days, neverExpires: false }) } }, { onSuccess: ({ createApiToken }) => onDone(createApiToken.secret ?? '') })}>
      <FormErrors error={change.error} fields={['name', 'scope', 'expiresInDays']} />
      <FormField label={t('field.name')} description={t('tokens.name.text')} stretch errorText={errorOf(change.error, 'name')}><Input value={name} autoFocus autoComplete="off" onChange={({ detail }) => setName(detail.value)} /></FormField>
      <FormField label={t('tokens.scope')} stretch errorText={errorOf(change.error, 'scope')}>
        <Select expandToViewport selectedOption={scopeOptions.find(({ value }) => value === scope) ?? null} options={scopeOptions} onChange={({ detail }) => setScope(detail.selectedOption.value as TokenScope)} />
      </FormField>
      <FormField label={t('tokens.expires')} stretch errorText={errorOf(change.error, 'expiresInDays')}>
        <Select expandToViewport selectedOption={dayOptions.find(({ value }) => value === String(days ?? 'never')) ?? null} options={dayOptions} onChange={({ detail }) => setDays(detail.selectedOption.value === 'never' ? null : Number(detail.selectedOption.value))} />
      </FormField>
    </FormModal>
  );
}

function RevokeToken({ token, onDismiss }: { token: Token; onDismiss: () => void }) {
  const { t } = useI18n();
  const change = useRevokeToken();
  return (
    <Confirm title={t('tokens.revoke.of', { name: token.name })} action={t('tokens.revoke')} isPending={change.isPending} error={change.error} onDismiss={onDismiss}
      onConfirm={() => change.mutate({ input: { id: token.id } }, { onSuccess: () => { flash('success', t('tokens.revoke.done', { name: token.name })); onDismiss(); } })}>
      <Box>{t('tokens.revoke.text')}</Box>
    </Confirm>
  );
}

type Open = { kind: 'create' } | { kind: 'secret'; secret: string } | { kind: 'revoke'; token: Token };

/** The reader's own tokens; `all`: everybody's, for administrators. */
export function Tokens({ all }: { all: boolean }) {
  const { t } = useI18n();
  const f = useFormat();
  const [place, go] = useState<Place>(firstPlace);
  const query = useTokens(pageSize, place.after);
  const [open, setOpen] = useState<Open>();
  const close = () => setOpen(undefined);
  const columns: Column<Token>[] = [
    { id: 'name', header: t('field.thing'), cell: (token) => <div className="dth-two"><b>{token.name}</b><span className="dth-small dth-muted dth-mono">…{token.lastFour}</span></div> },
    ...(all ? [{ id: 'owner', header: t('tokens.owner'), cell: (token: Token) => token.ownerName || <span className="dth-muted">{t('tokens.host')}</span> }] : []),
    { id: 'scope', short: true, header: t('tokens.scope'), width: 150, cell: (token) => t(`scope.${token.scope}`) },
    { id: 'created', short: true, header: t('tokens.created'), width: 140, cell: (token) => <Time at={token.createdAt} /> },
    { id: 'used', short: true, header: t('tokens.used'), width: 200, cell: (token) => token.lastUsedAt ? <div className="dth-two"><Time at={token.lastUsedAt} /><span className="dth-small dth-muted">{token.lastUsedFrom}</span></div> : <span className="dth-muted">{t('tokens.unused')}</span> },
    { id: 'expires', short: true, header: t('tokens.expires'), width: 140, cell: (token) => token.expiresAt ? <Time at={token.expiresAt} /> : t('tokens.never') },
    { id: 'act', short: true, header: t('actions'), width: 110, cell: (token) => <Button variant="inline-link" ariaLabel={t('tokens.revoke.of', { name: token.name })} onClick={() => setOpen({ kind: 'revoke', token })}>{t('tokens.revoke')}</Button> },
  ];
  const create = <Button variant="primary" onClick={() => setOpen({ kind: 'create' })}>{t('tokens.create')}</Button>;
  return (
    <>
      <PlainTable<Token> title={t('users.tab.tokens')} counter={counterOf(place, query.data, f)} pagination={<LocalPages place={place} data={query.data} onGo={go} />} description={t(all ? 'tokens.text.all' : 'tokens.text')} columns={columns} items={query.data?.nodes} idOf={(token) => token.id}
        loading={query.isPending} error={query.error} onRetry={() => void query.refetch()} empty={{ title: t('tokens.none'), text: t('tokens.none.text') }} actions={create} />
      {open?.kind === 'create' && <CreateToken onDismiss={close} onDone={(secret) => setOpen({ kind: 'secret', secret })} />}
      {open?.kind === 'secret' && <ShownOnce title={t('tokens.secret')} text={t('tokens.secret.text')} secret={open.secret} onDismiss={close}
        example={{ label: t('tokens.example'), command: `curl -sS ${location.origin}/graphql -H 'Authorization: Bearer ${open.secret}' -H 'Content-Type: application/json' -d '{"query": "{ runs { nodes { id state } } }"}'` }} />}
      {open?.kind === 'revoke' && <RevokeToken token={open.token} onDismiss={close} />}
    </>
  );
}
