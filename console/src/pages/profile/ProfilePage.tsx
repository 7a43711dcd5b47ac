import { useState } from 'react';
import Badge from '@cloudscape-design/components/badge';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Form from '@cloudscape-design/components/form';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { flash } from '../../app/flash';
import { Page } from '../../app/Page';
import { errorOf, FormErrors } from '../../components/FormErrors';
import type { Column } from '../../components/ListPage';
import { NewPassword } from '../../components/NewPassword';
import { Dash, Time } from '../../components/parts';
import { PlainTable } from '../../components/PlainTable';
import { useI18n } from '../../i18n/i18n';
import { useChangePassword, useEndSessions, useRole, useSessions } from '../../services/session';
import { Tokens } from '../users/Tokens';

function Password() {
  const { t } = useI18n();
  const change = useChangePassword();
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  const submit = () => change.mutate({ input: { currentPassword: current, newPassword: password } }, {
    onSuccess: () => { setCurrent(''); setPassword(''); change.reset(); flash('success', t('profile.password.done')); },
  });
  return (
    <form onSubmit={(event) => { event.preventDefault(); submit(); }}>
      <Container header={<Header variant="h2" description={t('profile.password.text')}>{t('field.password')}</Header>}>
        <Form actions={<Button formAction="submit" loading={change.isPending} disabled={!current || !password}>{t('profile.password.change')}</Button>}>
          <SpaceBetween size="m">
            <FormErrors error={change.error} fields={['currentPassword', 'newPassword']} />
            <FormField label={t('profile.password.current')} errorText={errorOf(change.error, 'currentPassword')}>
              <Input value={current} type="password" autoComplete="current-password" onChange={({ detail }) => setCurrent(detail.value)} />
            </FormField>
            <NewPassword label={t('field.newPassword')} value={password} error={errorOf(change.error, 'newPassword')} onChange={setPassword} />
          </SpaceBetween>
        </Form>
      </Container>
    </form>
  );
}

type Session = NonNullable<ReturnType<typeof useSessions>['data']>[number];
function Sessions() {
  const { t } = useI18n();
  const query = useSessions();
  const end = useEndSessions();
  const others = query.data?.filter(({ isCurrent }) => !isCurrent) ?? [];
  const finish = (ids: string[]) => end.mutate({ input: { ids } }, { onError: (error) => flash('error', error.message) });
  const columns: Column<Session>[] = [
    { id: 'client', header: t('sessions.client'), cell: (session) => <div className="dth-two"><span className="dth-wrap">{session.client || <Dash />}</span><span className="dth-small dth-muted">{session.address}</span></div> },
    { id: 'created', header: t('sessions.created'), width: 150, cell: (session) => <Time at={session.createdAt} /> },
    { id: 'used', header: t('sessions.used'), width: 150, cell: (session) => <Time at={session.lastUsedAt} /> },
    { id: 'act', header: t('actions'), width: 140, cell: (session) => session.isCurrent ? <Badge color="green">{t('sessions.this')}</Badge> : <Button variant="inline-link" onClick={() => finish([session.id])}>{t('sessions.end')}</Button> },
  ];
  return (
    <PlainTable<Session> title={t('sessions.title')} description={t('sessions.text')} columns={columns} items={query.data} idOf={(session) => session.id} loading={query.isPending} error={query.error}
      onRetry={() => void query.refetch()} empty={{ title: t('sessions.none') }}
      actions={<Button disabled={others.length === 0} loading={end.isPending} onClick={() => finish(others.map(({ id }) => id))}>{t('sessions.end.others')}</Button>} />
  );
}

export default function ProfilePage() {
  const { t } = useI18n();
  const { viewer, can } = useRole();
  return (
    <Page title={t('nav.profile')}>
      <ContentLayout header={<Header variant="h1">{t('nav.profile')}</Header>}>
        <SpaceBetween size="l">
          <Container>
            <KeyValuePairs columns={3} items={[
              { label: t('field.name'), value: viewer?.user?.name ?? <Dash /> }, { label: t('field.email'), value: viewer?.user?.email ?? <Dash /> },
              { label: t('field.role'), value: viewer ? t(`role.${viewer.role}`) : <Dash /> },
            ]} />
          </Container>
          <Password />
          <Sessions />
          <Tokens all={can('ADMIN')} />
        </SpaceBetween>
      </ContentLayout>
    </Page>
  );
}
