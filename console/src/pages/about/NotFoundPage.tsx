import { Page } from '../../app/Page';
import { Missing } from '../../components/Missing';
import { useI18n } from '../../i18n/i18n';

export function NotFoundPage() {
  const { t } = useI18n();
  return <Page title={t('notfound.title')}><Missing title={t('notfound.title')} text={t('notfound.text')} /></Page>;
}
