import { OptionsEditor } from '../../components/options/OptionsEditor';
import { optionErrorsOf } from '../../components/task/draft';
import { taskOptionsOf } from '../../components/task/taskOptions';
import type { Plugin } from '../../services/tasks';
import type { StepProps } from './KindStep';

export function OptionsStep({ draft, set, errors, plugins }: StepProps & { plugins: readonly Plugin[] }) {
  const options = taskOptionsOf(plugins.find(({ kind }) => kind === draft.kind), draft.action);
  return (
    <OptionsEditor options={options} values={draft.options} errors={optionErrorsOf(errors, draft.options)} onChange={(values) => set({ options: values })} />
  );
}
