package org.rowmill.producer.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.rowmill.producer.code.ProjectCodeHashes;
import org.rowmill.producer.dispatch.DiskWait;
import org.rowmill.producer.inputs.RowInputs;
import org.rowmill.producer.options.RunOptions;
import org.rowmill.producer.plan.MissingColumns;
import org.rowmill.producer.project.Project;
import org.rowmill.schemas.Resources;
import org.rowmill.schemas.WrongInput;
import org.rowmill.schemas.model.TableModel;
import org.rowmill.schemas.model.TableSchema;
import org.rowmill.store.TableOpening;
import org.rowmill.store.TableStore;
import org.rowmill.store.keys.StoredKeys;
import org.rowmill.store.parts.ChangedCode;
import org.rowmill.store.parts.StoreOptions;

/** Opens the tables of a run, and reports the errors of all tables together. */
final class TableOpener {

    private final RunJob job;
    private final Project project;
    private final RunOptions options;
    private final Resources open;
    private final ProjectCodeHashes hashes;

    /** Tables in one directory have the same warning of its file system. */
    private final Set<String> warned = new HashSet<>();

    /**
     * Creates an opener for one run.
     *
     * @param job the run
     * @param open closes the tables at the end of the run
     */
    TableOpener(RunJob job, Resources open) {
        this.job = job;
        this.project = job.project();
        this.options = job.options();
        this.open = open;
        this.hashes = new ProjectCodeHashes(project, options.store().output());
    }

    /**
     * Opens all tables.
     *
     * @throws WrongInput with the errors of all tables
     */
    List<OpenTable> openAll() {
        List<String> faults = new ArrayList<>();
        List<OpenTable> tables = new ArrayList<>();
        checkRecomputed(faults);
        for (TableModel model : project.tables()) {
            try {
                tables.add(open(model));
            } catch (WrongInput e) {
                faults.addAll(e.faults());
            }
        }
        if (!faults.isEmpty()) {
            throw new WrongInput(faults);
        }
        return tables;
    }

    private void checkRecomputed(List<String> faults) {
        for (String column : options.rows().recompute()) {
            if (project.tables().stream().allMatch(model -> model.schema().columnNumber(column) < 0)) {
                List<String> names = project.tables().stream()
                        .flatMap(model -> model.schema().columns().stream())
                        .map(field -> field.name())
                        .toList();
                faults.add("--recompute " + column + ": no table of " + project.root() + " has this column. Columns: "
                        + String.join(", ", names));
            }
        }
    }

    private OpenTable open(TableModel model) {
        Set<String> recompute =
                MissingColumns.withDependents(model, options.rows().recompute());
        recompute.removeIf(column -> model.schema().columnNumber(column) < 0);
        Path directory = options.store().output().resolve(model.schema().table());
        StoreOptions.Limit limit =
                new StoreOptions.Limit(options.rows().only(), options.rows().quick());
        StoreOptions how = new StoreOptions(
                options.store().ignoreBrokenParts(),
                recompute,
                limit,
                job.id(),
                project.codeHash(),
                changedCode(model));
        TableSchema schema = hashes.schema(model);
        TableStore store = open.opened(
                options.dryRun()
                        ? TableOpening.openToPlan(directory, schema, how)
                        : TableOpening.open(directory, schema, how));
        store.warnings().stream().filter(warned::add).forEach(job.console()::warn);
        store.notes().forEach(job.console()::verbose);
        sayContinued(store);
        StoredKeys keys = store.readKeys();
        if (!options.dryRun()) {
            compact(store, directory);
        }
        DiskWait disk = new DiskWait(directory, options.limits().diskWait(), job.stop(), job.console());
        return new OpenTable(model, store, keys, inputs(directory, schema), new HashSet<>(), disk);
    }

    private RowInputs inputs(Path directory, TableSchema schema) {
        try {
            return open.opened(RowInputs.open(
                    project.root(), directory, schema, options.rows().changedInputs(), !options.dryRun()));
        } catch (IOException e) {
            throw new WrongInput(directory + ": the states of the inputs cannot be read or written: " + e
                    + ". Free disk space, or make the directory writable");
        }
    }

    private void sayContinued(TableStore store) {
        store.requests().stream()
                .filter(request -> !request.run().equals(job.id()))
                .forEach(request -> job.console()
                        .say("Table " + store.schema().table() + ": continues to compute again " + request.text()));
    }

    private void compact(TableStore store, Path directory) {
        try {
            store.compactEarlierRuns();
        } catch (IOException e) {
            job.console()
                    .warn(directory + ": results of an earlier run are stored, but other programs do not see them yet: "
                            + e.getMessage() + ". The end of this run tries again");
        }
    }

    private ChangedCode changedCode(TableModel model) {
        Map<String, Set<String>> needs = new HashMap<>();
        model.schema().columns().forEach(column -> {
            for (String dependent : MissingColumns.withDependents(model, Set.of(column.name()))) {
                if (!dependent.equals(column.name())) {
                    needs.computeIfAbsent(dependent, name -> new HashSet<>()).add(column.name());
                }
            }
        });
        ChangedCode.Policy policy = switch (options.rows().changedCode()) {
            case WARN -> ChangedCode.Policy.WARN;
            case RECOMPUTE -> ChangedCode.Policy.RECOMPUTE;
            case REFUSE -> ChangedCode.Policy.REFUSE;
        };
        return new ChangedCode(policy, needs);
    }
}
