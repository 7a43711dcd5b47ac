import Box from '@cloudscape-design/components/box';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import Skeleton from '@cloudscape-design/components/skeleton';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { Page } from '../../app/Page';
import { PlainTable } from '../../components/PlainTable';
import { Dash } from '../../components/parts';
import { RegionError } from '../../components/RegionError';
import { sentence } from '../../components/options/values';
import { useI18n } from '../../i18n/i18n';
import { useSettings, type Setting } from '../../services/settings';

function Value({ setting }: { setting: Setting }) {
  const { t, word } = useI18n();
  if (setting.isSecret) return <span className="dth-muted">{t(setting.source === 'DEFAULT' ? 'settings.unset' : 'settings.secret')}</span>;
  if (setting.value === null || setting.value === '') return <Dash />;
  return <span className={setting.source === 'DEFAULT' ? 'dth-wrap dth-muted' : 'dth-wrap'}>{setting.type === 'FLAG' ? word('flag', setting.value) : setting.value}</span>;
}

/** What the hub runs with, and where each value comes from. It is changed there, not here. */
export default function SettingsPage() {
  const { t, word, hubText } = useI18n();
  const query = useSettings();
  const groups = [...new Set(query.data?.map(({ group }) => group))];
  return (
    <Page title={t('nav.settings')} needs="ADMIN">
      <ContentLayout header={<Header variant="h1" description={t('settings.text')}>{t('nav.settings')}</Header>}>
        {query.isPending && <Box padding="l"><SpaceBetween size="l"><Skeleton /><Skeleton /><Skeleton /></SpaceBetween></Box>}
        {query.error && !query.data && <RegionError error={query.error} onRetry={() => void query.refetch()} />}
        <SpaceBetween size="l">
          {groups.map((group) => (
            <PlainTable<Setting> key={group} title={word('settings.group', group)} items={query.data?.filter((setting) => setting.group === group)} idOf={(setting) => setting.key} loading={false} error={null} onRetry={() => undefined} empty={{ title: '' }}
              columns={[
                { id: 'key', header: t('settings.key'), width: 380, cell: (setting) => <div className="dth-two"><code className="dth-mono">{setting.key}</code><span className="dth-small dth-muted">{sentence(hubText('setting', setting.key, setting.help))}</span></div> },
                { id: 'value', header: t('settings.value'), width: 280, cell: (setting) => <Value setting={setting} /> },
                { id: 'source', short: true, header: t('settings.source'), width: 300, cell: (setting) => <div className="dth-two"><span>{word('settings.source', setting.source)}</span>{setting.place && <span className="dth-small dth-muted dth-wrap">{setting.place}</span>}</div> },
                { id: 'default', short: true, header: t('settings.default'), width: 180, cell: (setting) => (setting.default ? <span className="dth-wrap dth-muted">{setting.default}</span> : <Dash />) },
              ]} />
          ))}
        </SpaceBetween>
      </ContentLayout>
    </Page>
  );
}
