import { getRouteApi, useNavigate } from '@tanstack/react-router';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import Tabs from '@cloudscape-design/components/tabs';
import { Page } from '../../app/Page';
import { userTabs } from '../../app/router';
import { useI18n } from '../../i18n/i18n';
import { useRole } from '../../services/session';
import { Tokens } from './Tokens';
import { Users } from './Users';

const route = getRouteApi('/users');

export default function UsersPage() {
  const { t } = useI18n();
  const { can } = useRole();
  const navigate = useNavigate();
  const { tab } = route.useSearch();
  const isAdmin = can('ADMIN');
  const contents = { users: <Users />, tokens: <Tokens all={isAdmin} /> };
  return (
    <Page title={t('nav.users')} needs="ADMIN">
      <ContentLayout header={<Header variant="h1" description={t('users.text')}>{t('nav.users')}</Header>}>
        <Tabs ariaLabel={t('nav.users')} activeTabId={tab ?? userTabs[0]} onChange={({ detail }) => void navigate({ to: '/users', search: { tab: detail.activeTabId as 'users' } })}
          tabs={userTabs.map((id) => ({ id, label: t(`users.tab.${id}`), content: contents[id] }))} />
      </ContentLayout>
    </Page>
  );
}
