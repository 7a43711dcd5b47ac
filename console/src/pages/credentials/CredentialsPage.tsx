import { useState } from 'react';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import Button from '@cloudscape-design/components/button';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import { CursorPages } from '../../components/CursorPages';
import { ListPage, type Column } from '../../components/ListPage';
import { Dash, Time } from '../../components/parts';
import { useFormat, useI18n } from '../../i18n/i18n';
import { useCredentialKinds, useCredentials, type Credential } from '../../services/credentials';
import { CreateCredential, DeleteCredential, RotateCredential } from '../../components/credential/CredentialForms';

const route = getRouteApi('/credentials');
const pageSize = 50;
type Open = { kind: 'create' } | { kind: 'rotate' | 'delete'; credential: Credential };

/** Runs come and go: they are counted. */
function Users({ credential }: { credential: Credential }) {
  const { t } = useI18n();
  const users = credential.usedBy ?? [];
  const runs = users.filter(({ kind }) => kind === 'run').length;
  const others = users.filter(({ kind }) => kind !== 'run').map(({ name, id }) => name || id);
  if (users.length === 0) return <Dash />;
  return <span className="dth-wrap">{[...others, ...(runs > 0 ? [t('overview.runs', { n: runs })] : [])].join(', ')}</span>;
}

export default function CredentialsPage() {
  const { t, word } = useI18n();
  const f = useFormat();
  const navigate = useNavigate();
  const search = route.useSearch();
  const query = useCredentials(pageSize, search.after);
  const kinds = useCredentialKinds();
  const [open, setOpen] = useState<Open>();
  const close = () => setOpen(undefined);
  const kindOf = (credential: Credential) => kinds.data?.find(({ name }) => name === credential.kind);
  const columns: Column<Credential>[] = [
    { id: 'name', header: t('field.thing'), width: 180, minWidth: 130, cell: (credential) => <b className="dth-wrap">{credential.name}</b> },
    { id: 'kind', short: true, header: t('credentials.kind'), width: 150, minWidth: 120, cell: (credential) => word('credkind', credential.kind) },
    { id: 'public', header: t('credentials.public'), width: 185, minWidth: 140, cell: (credential) => !credential.options?.length ? <Dash /> : <div className="dth-two">{credential.options.map(({ name, value }) => <span key={name} className="dth-small dth-wrap"><span className="dth-muted">{name}</span> {value}</span>)}</div> },
    { id: 'used', short: true, header: t('credentials.used'), width: 120, minWidth: 100, cell: (credential) => credential.lastUsedAt ? <Time at={credential.lastUsedAt} /> : <span className="dth-muted">{t('tokens.unused')}</span> },
    { id: 'usedby', header: t('credentials.usedby'), width: 190, minWidth: 110, cell: (credential) => <Users credential={credential} /> },
    { id: 'rotated', short: true, header: t('credentials.rotated'), width: 120, minWidth: 100, cell: (credential) => <Time at={credential.rotatedAt} /> },
    { id: 'expires', short: true, header: t('tokens.expires'), width: 105, minWidth: 90, cell: (credential) => <Time at={credential.expiresAt} /> },
    { id: 'act', short: true, header: t('actions'), width: 85, minWidth: 80, cell: (credential) => (
      <ButtonDropdown variant="inline-icon" expandToViewport ariaLabel={t('users.actions', { name: credential.name })} onItemClick={({ detail }) => setOpen({ kind: detail.id as 'rotate', credential })}
        items={[...(kindOf(credential)?.secrets.length ? [{ id: 'rotate', text: t('credentials.rotate') }] : []), { id: 'delete', text: t('delete') }]} />
    ) },
  ];
  const create = <Button variant="primary" onClick={() => setOpen({ kind: 'create' })}>{t('credentials.create')}</Button>;
  const rotated = open?.kind === 'rotate' ? kindOf(open.credential) : undefined;
  return (
    <ListPage<Credential>
      title={t('nav.credentials')} description={t('credentials.text')} counter={query.data?.totalCount ? `(${f.count(Number(query.data.totalCount))})` : undefined} preferencesKey="credentials"
      nameOf={(credential) => credential.name} idOf={(credential) => credential.id} columns={columns} items={query.data?.nodes} loading={query.isPending} error={query.data ? null : query.error} onRetry={() => void query.refetch()}
      actions={create} page={{ needs: 'ADMIN' }} empty={{ title: t('credentials.none'), text: t('credentials.none.text') }}
      pagination={<CursorPages page={search.page ?? 1} info={query.data?.pageInfo} after={search.after} onChange={(page, after) => void navigate({ to: '/credentials', search: { page: page > 1 ? page : undefined, after } })} />}
    >
      {open?.kind === 'create' && <CreateCredential onDismiss={close} />}
      {open?.kind === 'rotate' && rotated && <RotateCredential credential={open.credential} kind={rotated} onDismiss={close} />}
      {open?.kind === 'delete' && <DeleteCredential credential={open.credential} onDismiss={close} />}
    </ListPage>
  );
}
