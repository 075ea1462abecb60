package org.rowmill.store.compaction;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.rowmill.schemas.model.TableSchema;
import org.rowmill.store.keys.IndexKey;
import org.rowmill.store.keys.KeyScan;
import org.rowmill.store.parts.DamagedPart;
import org.rowmill.store.parts.Part;
import org.rowmill.store.parts.PartColumns;
import org.rowmill.store.parts.PartDirectory;
import org.rowmill.store.parts.PartFooter;
import org.rowmill.store.parts.PartGroups;
import org.rowmill.store.parts.StoredColumns;

/**
 * Moves the rows of hidden parts into parts that other readers see. Each of those is replaced by a part of the same
 * name with the same rows, so that no reader ever sees a row twice or misses one. Rows that no such part has become
 * new parts, or join the smallest part if there are many. The hidden parts are deleted last: if the process is killed
 * before that, their rows are in two parts for our own readers, which merge them.
 */
public final class Compaction {

    private static final int MAX_OPEN_GROUPS = 100;
    private static final int FILES_PER_PASS = 40;

    private final StoredColumns columns;
    private final KeyScan keys;
    private final Path directory;
    private final PartLimit limit;

    /**
     * Makes a compaction.
     *
     * @param columns the columns of the table
     * @param keys computes keys of indices
     * @param directory the directory of temporary files
     * @param limit how many small parts there may be
     */
    public Compaction(StoredColumns columns, KeyScan keys, Path directory, PartLimit limit) {
        this.columns = columns;
        this.keys = keys;
        this.directory = directory;
        this.limit = limit;
    }

    /** Selects the rows to keep. */
    public interface Keep {
        /** Keeps all rows. */
        Keep ALL = (key, last) -> true;

        /**
         * Whether to keep a row.
         *
         * @param key the key of the row
         * @param last the highest number of a part from which its values come; 0 if it has none
         */
        boolean test(IndexKey key, long last);
    }

    /** Rows of one future file with the same computed columns. */
    private record Group(int home, List<PartFooter.StoredColumn> stored) {}

    /** The future file of a row, and the part from which each column of it comes. */
    @SuppressWarnings("ArrayRecordComponent") // Its equals compares the elements.
    private record Origin(int home, int[] sources) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Origin origin && home == origin.home && Arrays.equals(sources, origin.sources);
        }

        @Override
        public int hashCode() {
            return 31 * home + Arrays.hashCode(sources);
        }
    }

    /**
     * Compacts parts.
     *
     * @param parts the parts
     * @param hasDuplicates whether a row is in several parts that other readers see, which only earlier versions left
     * @param keep selects the rows to keep
     * @param isFiltered whether {@code keep} rejects rows
     * @param beforeDelete called when the new parts are on the disk, and before the hidden ones are deleted
     */
    public void compact(
            PartDirectory parts, boolean hasDuplicates, Keep keep, boolean isFiltered, Confirmation beforeDelete)
            throws IOException {
        parts.deleteSuperseded();
        List<Part> visible = parts.visible();
        List<Part> hidden = parts.hidden();
        Homes homes = Homes.find(visible, hidden, keys);
        Overlap duplicates = hasDuplicates ? Overlap.find(visible, keys) : Overlap.none();
        Optional<Path> target = homes.hasHomeless() ? limit.target(visible) : Optional.empty();
        Set<Path> old = toRewrite(visible, hidden, homes, duplicates, keep, isFiltered);
        target.ifPresent(old::add);
        if (!old.isEmpty() || homes.hasHomeless()) {
            Work work = new Work(
                    parts,
                    homes,
                    duplicates,
                    keep,
                    target.map(homes.files()::indexOf).orElse(Homes.NONE));
            work.rewrite(
                    visible.stream().filter(part -> old.contains(part.file())).toList(), hidden);
        }
        beforeDelete.confirm();
        if (!hidden.isEmpty()) {
            parts.delete(hidden);
        }
    }

    /** What happens between the replacement of parts and the deletion of hidden ones. */
    public interface Confirmation {
        void confirm() throws IOException;
    }

    private Set<Path> toRewrite(
            List<Part> visible, List<Part> hidden, Homes homes, Overlap duplicates, Keep keep, boolean isFiltered)
            throws DamagedPart {
        List<TableSchema.ColumnField> all = written(visible, hidden);
        Set<Path> old = new LinkedHashSet<>();
        for (Part part : visible) {
            if ((isFiltered && keys.find(part, key -> !keep.test(key, part.sequence())))
                    || homes.hasHidden(homes.files().indexOf(part.file()))
                    || !part.hasColumns(all)
                    || (duplicates.size() > 0 && keys.find(part, duplicates::contains))) {
                old.add(part.file());
            }
        }
        return old;
    }

    /** Returns the columns that a part has values of, or that the parts have without values. */
    private List<TableSchema.ColumnField> written(List<Part> visible, List<Part> hidden) {
        Set<String> names = new HashSet<>();
        hidden.forEach(part -> part.footer().columns().stream()
                .filter(PartFooter.StoredColumn::present)
                .forEach(column -> names.add(column.field().name())));
        visible.forEach(part -> part.footer()
                .columns()
                .forEach(column -> names.add(column.field().name())));
        return columns.schema().columns().stream()
                .filter(field -> names.contains(field.name()))
                .toList();
    }

    /** The rewriting of some parts. */
    private final class Work {

        private final PartDirectory parts;
        private final Homes homes;
        private final Overlap duplicates;
        private final Keep keep;
        private final int target;
        private final Map<Path, Path> replacements = new LinkedHashMap<>();
        private final List<Path> added = new ArrayList<>();
        private final List<Path> temporary = new ArrayList<>();
        private final Set<Path> emptied = new LinkedHashSet<>();
        private int[] written = {};
        private Overlap overlap = Overlap.none();
        private List<Part> reading = List.of();
        private int[] files = {};

        Work(PartDirectory parts, Homes homes, Overlap duplicates, Keep keep, int target) {
            this.parts = parts;
            this.homes = homes;
            this.duplicates = duplicates;
            this.keep = keep;
            this.target = target;
        }

        void rewrite(List<Part> old, List<Part> hidden) throws IOException {
            overlap = Overlap.all(hidden, keys, duplicates);
            written = written(parts.visible(), hidden).stream()
                    .mapToInt(field -> columns.schema().columnNumber(field.name()))
                    .toArray();
            List<Path> files = old.stream().map(Part::file).distinct().toList();
            try {
                for (int from = 0; from < files.size(); from += FILES_PER_PASS) {
                    List<Path> batch = files.subList(from, Math.min(files.size(), from + FILES_PER_PASS));
                    rewrite(batch, old, hidden);
                }
                if (homes.hasHomeless() && target == Homes.NONE) {
                    rewrite(List.of(), List.of(), hidden);
                }
                parts.replace(replacements, added);
                parts.deleteEmpty(emptied, limit.keepsEmpty());
            } finally {
                for (Path file : temporary) {
                    Files.deleteIfExists(file);
                }
            }
        }

        /** Writes the files of a batch; an empty batch are the rows without a home. */
        private void rewrite(List<Path> batch, List<Part> old, List<Part> hidden) throws IOException {
            BitSet selected = new BitSet();
            batch.forEach(file -> selected.set(homes.files().indexOf(file)));
            reading = new ArrayList<>(
                    duplicates.size() > 0
                            ? old
                            : old.stream()
                                    .filter(part -> batch.contains(part.file()))
                                    .toList());
            reading.addAll(hidden);
            files = reading.stream()
                    .mapToInt(part -> homes.files().indexOf(part.file()))
                    .toArray();
            try (PartGroups<Group> groups = new PartGroups<>(parts, this::footer)) {
                Set<Group> done = new HashSet<>();
                while (pass(groups, selected, done)) {
                    groups.finish();
                }
                groups.finish();
                collect(groups.takeFinished());
            }
            for (Path file : batch) {
                if (!replacements.containsKey(file)) {
                    empty(file);
                }
            }
        }

        /** Replaces a part of which no row is left by one without rows, which is deleted if there are others. */
        private void empty(Path file) throws IOException {
            int[] none = new int[columns.schema().columns().size()];
            Arrays.fill(none, -1);
            Path empty = parts.writeEmpty(footer(new Group(Homes.NONE, stored(none))));
            temporary.add(empty);
            replacements.put(file, empty);
            emptied.add(file);
        }

        /** Returns the home of a row whose home is selected; empty if it belongs elsewhere. */
        private Optional<Integer> home(MergedRow row, BitSet selected) {
            int file = files[row.first()];
            int home = file == Homes.NONE ? homes.of(row.key()) : file; // a hidden part is not among the files
            if (home == Homes.NONE) {
                boolean isWanted = target == Homes.NONE ? selected.isEmpty() : selected.get(target);
                return isWanted ? Optional.of(target) : Optional.empty();
            }
            return selected.get(home) ? Optional.of(home) : Optional.empty();
        }

        /**
         * Reads all rows, and writes those of as many remaining groups as may have an open file.
         *
         * @return whether rows remain
         */
        private boolean pass(PartGroups<Group> groups, BitSet selected, Set<Group> done) throws IOException {
            boolean isMore = false;
            Set<Group> open = new HashSet<>();
            Map<Origin, Group> known = new HashMap<>();
            List<PartColumns> from = reading.stream().map(columns::rewriting).toList();
            try (MergedRows rows =
                    new MergedRows(from, columns.schema(), overlap, keys, key -> isWanted(key, selected), directory)) {
                for (MergedRow row = rows.next(); row != null; row = rows.next()) {
                    Optional<Integer> home = home(row, selected);
                    if (home.isEmpty() || !keep.test(row.key(), last(row))) {
                        continue;
                    }
                    Group group = known.computeIfAbsent(new Origin(home.get(), row.sources()), this::group);
                    if (!done.contains(group) && !open.contains(group)) {
                        if (open.size() == MAX_OPEN_GROUPS) {
                            isMore = true;
                            continue;
                        }
                        open.add(group);
                    }
                    if (open.contains(group)) {
                        groups.write(group, row.index(), values(row));
                    }
                }
            }
            done.addAll(open);
            return isMore;
        }

        /** Skips hidden rows of other files early, before they are joined. */
        private boolean isWanted(IndexKey key, BitSet selected) {
            if (!homes.isHidden(key)) {
                return true;
            }
            int home = homes.of(key);
            return home == Homes.NONE || selected.get(home);
        }

        private long last(MergedRow row) {
            long last = reading.get(row.first()).sequence();
            for (int source : row.sources()) {
                last = source < 0 ? last : Math.max(last, reading.get(source).sequence());
            }
            return last;
        }

        private @Nullable Object[] values(MergedRow row) {
            @Nullable Object[] values = new Object[written.length];
            for (int i = 0; i < written.length; i++) {
                values[i] = row.values()[written[i]];
            }
            return values;
        }

        private Group group(Origin origin) {
            return new Group(origin.home(), stored(origin.sources()));
        }

        private List<PartFooter.StoredColumn> stored(int[] sources) {
            List<PartFooter.StoredColumn> stored = new ArrayList<>();
            for (int column : written) {
                TableSchema.ColumnField field = columns.schema().columns().get(column);
                Optional<PartFooter.StoredColumn> source = sources[column] < 0
                        ? Optional.empty()
                        : reading.get(sources[column]).footer().present(field.name());
                stored.add(source.orElseGet(() -> new PartFooter.StoredColumn(field, false)));
            }
            return stored;
        }

        private PartFooter footer(Group group) {
            return PartFooter.of(columns.schema(), columns.options(), group.stored());
        }

        /** Joins the files of each home. */
        private void collect(Map<Group, List<Part>> finished) throws IOException {
            finished.values().forEach(files -> files.forEach(file -> temporary.add(file.file())));
            Map<Integer, List<Part>> byHome = new LinkedHashMap<>();
            finished.forEach((group, files) -> byHome.computeIfAbsent(group.home(), home -> new ArrayList<>())
                    .addAll(files));
            for (Map.Entry<Integer, List<Part>> home : byHome.entrySet()) {
                if (home.getKey() == Homes.NONE) {
                    for (List<Part> some : limit.split(home.getValue())) {
                        added.add(join(some));
                    }
                } else {
                    replacements.put(homes.files().get(home.getKey()), join(home.getValue()));
                }
            }
        }

        private Path join(List<Part> files) throws IOException {
            Path joined = parts.join(files);
            temporary.add(joined);
            return joined;
        }
    }
}
