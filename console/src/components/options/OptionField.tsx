import Checkbox from '@cloudscape-design/components/checkbox';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import Textarea from '@cloudscape-design/components/textarea';
import { useI18n } from '../../i18n/i18n';
import { labelOf, sentence, type Declared } from './values';

interface Props {
  option: Declared;
  /** What was given; empty: the default counts. */
  given: readonly string[];
  isRequired?: boolean;
  isMarked?: boolean;
  error?: string;
  onChange: (given: readonly string[]) => void;
}

/** A field for a declared option. Its default is its placeholder, so that nothing is given that was not chosen. */
export function OptionField({ option, given, isRequired = false, isMarked = false, error, onChange }: Props) {
  const { t, word, hubText } = useI18n();
  const { name, type, choices } = option;
  const help = hubText('option', name, option.help);
  const known = word('option', name);
  const title = known === name ? labelOf(name) : known;
  const standard = option.default ?? undefined;
  const hint = standard ?? option.placeholder ?? undefined;
  const value = given[0] ?? '';
  const description = sentence(help);
  const label = <>{title}{isRequired ? '' : isMarked ? <span className="dth-changed"> · {t('options.changed')}</span> : ''}</>;
  const shared = { ariaLabel: title, invalid: Boolean(error) };
  if (type === 'FLAG') {
    const isOn = value === '' ? standard === 'true' : value === 'true' || value === 'on';
    return (
      <FormField stretch errorText={error}>
        <Checkbox checked={isOn} description={description} onChange={({ detail }) => onChange(detail.checked === (standard === 'true') ? [] : [String(detail.checked)])}>{label}</Checkbox>
      </FormField>
    );
  }
  return (
    <FormField stretch label={label} description={description} errorText={error} constraintText={type === 'LIST' ? t('options.lines') : undefined}>
      {type === 'CHOICE' ? (
        <Select {...shared} expandToViewport selectedOption={{ value, label: value === '' ? t('options.default', { value: standard ?? '–' }) : value }}
          options={[{ value: '', label: t('options.default', { value: standard ?? '–' }) }, ...choices.map((choice) => ({ value: choice, label: choice }))]}
          onChange={({ detail }) => onChange(detail.selectedOption.value ? [detail.selectedOption.value] : [])} />
      ) : type === 'LIST' ? (
        <Textarea {...shared} rows={Math.min(6, Math.max(2, given.length + 1))} value={given.join('\n')} placeholder={hint} autoComplete={false} spellcheck={false} onChange={({ detail }) => onChange(detail.value === '' ? [] : detail.value.split('\n'))} />
      ) : (
        <Input {...shared} value={value} placeholder={hint} autoComplete="off" spellcheck={false} inputMode={type === 'COUNT' ? 'numeric' : 'text'} onChange={({ detail }) => onChange(detail.value === '' ? [] : [detail.value])} />
      )}
    </FormField>
  );
}
