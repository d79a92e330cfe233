"""The rules by name, each a function from a House to one sentence per violation."""

from collections.abc import Callable, Iterator

from tests.architecture.house import House
from tests.architecture.rules.budgets import budgets_end_before_timeouts
from tests.architecture.rules.clock import (
    now_has_no_default,
    python_reads_the_clock,
    sql_takes_time_as_a_parameter,
)
from tests.architecture.rules.decisions import operations_know_no_trigger
from tests.architecture.rules.drivers import (
    drivers_add_no_dependency,
    only_main_joins_drivers,
    vendors_stay_in_drivers,
)
from tests.architecture.rules.folders import (
    entry_points_are_named_as_folders,
    folders_are_packages,
    folders_are_whole,
    main_imports_by_full_name,
    names_say_what_is_inside,
)
from tests.architecture.rules.jobs import job_examples_are_executions, jobs_are_commands
from tests.architecture.rules.needs import (
    anthropic_only_where_needed,
    imports_are_written_out,
    needs_equal_imports,
    no_training_library_is_served,
    pyarrow_only_in_jobs,
)
from tests.architecture.rules.pickles import nothing_served_unpickles
from tests.architecture.rules.warm_gate import (
    choices_are_counted_by_the_database,
    ml_rankers_rank_warm_parties,
    nothing_overrules_the_gates_types,
    only_the_gate_makes_a_warm_party,
)

RULES: tuple[Callable[[House], Iterator[str]], ...] = (
    anthropic_only_where_needed,
    budgets_end_before_timeouts,
    choices_are_counted_by_the_database,
    drivers_add_no_dependency,
    entry_points_are_named_as_folders,
    folders_are_packages,
    folders_are_whole,
    imports_are_written_out,
    job_examples_are_executions,
    jobs_are_commands,
    main_imports_by_full_name,
    ml_rankers_rank_warm_parties,
    names_say_what_is_inside,
    needs_equal_imports,
    no_training_library_is_served,
    nothing_overrules_the_gates_types,
    nothing_served_unpickles,
    now_has_no_default,
    only_main_joins_drivers,
    only_the_gate_makes_a_warm_party,
    operations_know_no_trigger,
    pyarrow_only_in_jobs,
    python_reads_the_clock,
    sql_takes_time_as_a_parameter,
    vendors_stay_in_drivers,
)
