import { useState } from 'react';
import Badge from '@cloudscape-design/components/badge';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import SpaceBetween from '@cloudscape-design/components/space-between';
import TextFilter from '@cloudscape-design/components/text-filter';
import Toggle from '@cloudscape-design/components/toggle';
import { useFormat, useI18n } from '../../i18n/i18n';
import { Nothing } from '../Nothing';
import { OptionField } from './OptionField';
import { grouped, isChanged, isFound, withValue, type Declared, type Values } from './values';

interface Props {
  options: readonly Declared[];
  values: Values;
  errors?: ReadonlyMap<string, string>;
  onChange: (values: Values) => void;
}

/** All declared options by heading. Defaults are placeholders; what differs from them is marked and counted. */
export function OptionsEditor({ options, values, errors, onChange }: Props) {
  const { t, word } = useI18n();
  const f = useFormat();
  const [text, setText] = useState('');
  const [onlyChanged, setOnlyChanged] = useState(false);
  // What is shown as changed stays while it is changed back.
  const [kept, keep] = useState<ReadonlySet<string>>(new Set());
  const changed = options.filter((option) => isChanged(option, values));
  const shown = options.filter((option) => (!text || isFound(option, text)) && (!onlyChanged || kept.has(option.name) || isChanged(option, values)));
  const isNarrowed = Boolean(text) || onlyChanged;
  return (
    <SpaceBetween size="m">
      <div className="dth-row between" data-filter>
        <div className="dth-browse-find"><TextFilter filteringText={text} filteringPlaceholder={t('options.find')} filteringAriaLabel={t('options.find')} countText={text ? t('list.matches', { n: shown.length }) : undefined} onChange={({ detail }) => setText(detail.filteringText)} /></div>
        <Toggle checked={onlyChanged} onChange={({ detail }) => { keep(new Set(changed.map(({ name }) => name))); setOnlyChanged(detail.checked); }}>{t('options.onlychanged', { n: f.count(changed.length) })}</Toggle>
      </div>
      {shown.length === 0 && <Nothing title={t(text ? 'list.nomatch' : 'options.nonechanged')} />}
      {grouped(shown).map(([group, each], i) => {
        const count = each.filter((option) => isChanged(option, values)).length;
        const hasError = each.some(({ name }) => errors?.has(name));
        return (
          <ExpandableSection key={`${group} ${isNarrowed || hasError}`} variant="container" defaultExpanded={isNarrowed || hasError || (i === 0 && each.length < 6)} headerText={word('group', group)} headerDescription={word('group.text', group) === group ? undefined : word('group.text', group)}
            headerInfo={count > 0 ? <Badge color="blue">{t('options.count', { n: count })}</Badge> : undefined} headingTagOverride="h3">
            <SpaceBetween size="l">
              {each.map((option) => (
                <OptionField key={option.name} option={option} given={values[option.name] ?? []} isMarked={isChanged(option, values)} error={errors?.get(option.name)} onChange={(given) => onChange(withValue(values, option.name, given))} />
              ))}
            </SpaceBetween>
          </ExpandableSection>
        );
      })}
    </SpaceBetween>
  );
}
