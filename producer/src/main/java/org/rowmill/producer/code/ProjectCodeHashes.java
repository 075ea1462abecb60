package org.rowmill.producer.code;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.commons.codec.binary.Hex;
import org.apache.commons.codec.digest.DigestUtils;
import org.objectweb.asm.Type;
import org.rowmill.producer.project.Project;
import org.rowmill.producer.rundir.RunDirectory;
import org.rowmill.schemas.model.CodeHash;
import org.rowmill.schemas.model.TableModel;
import org.rowmill.schemas.model.TableSchema;

/** Hashes the code of the columns of a project. Used by one thread. */
public final class ProjectCodeHashes {

    /** Changes if the same code gets another hash. */
    private static final String KIND = "1";

    private static final int HASH_BYTES = 16;

    private final ProjectClasses classes;
    private final NamedFiles files;

    /**
     * Reads when runs were active.
     *
     * @param project the project
     * @param output directory of the tables
     */
    public ProjectCodeHashes(Project project, Path output) {
        this.classes = new ProjectClasses(project.root(), project.loader());
        try {
            List<RunDirectory.Period> runs = RunDirectory.periods(project.root());
            this.files = new NamedFiles(
                    project.root(), output, classes, time -> runs.stream().anyMatch(run -> run.contains(time)));
        } catch (IOException e) {
            throw new UncheckedIOException(project.root() + ": the logs of earlier runs cannot be read", e);
        }
    }

    /**
     * Hashes the code of each column of a table: its method, what the method can reach, and the columns that it needs.
     *
     * @param table the table
     * @return its schema with these hashes
     */
    public TableSchema schema(TableModel table) {
        Map<String, CodeHash> hashes = new LinkedHashMap<>();
        Map<Integer, CodeHash> known = new HashMap<>();
        for (TableModel.ColumnMethod method : table.methods()) {
            List<CodeHash> needed = method.needs().stream().map(known::get).toList();
            for (int column : method.makes()) {
                TableSchema.ColumnField field = table.schema().columns().get(column);
                known.put(column, hash(table, method, field, needed));
                hashes.put(field.name(), known.get(column));
            }
        }
        return table.schema().withCode(hashes);
    }

    private CodeHash hash(
            TableModel table, TableModel.ColumnMethod method, TableSchema.ColumnField field, List<CodeHash> needed) {
        DigestUtils digest = new DigestUtils("SHA-256");
        List<String> head = new ArrayList<>(List.of(KIND));
        head.addAll(method.arguments());
        needed.forEach(hash -> head.add(hash.reachable()));
        digest.getMessageDigest().update(DigestUtils.sha256(String.join("\0", head)));
        String name = Type.getInternalName(table.tableClass());
        Set<String> tableClasses = new LinkedHashSet<>(classes.ancestors(name));
        List<CodeWalk.Strings> strings = new CodeWalk(classes, tableClasses, digest.getMessageDigest())
                .hash(
                        name,
                        Type.getInternalName(method.method().getDeclaringClass()),
                        method.method().getName() + Type.getMethodDescriptor(method.method()));
        Map<String, String> named = new TreeMap<>(files.hashes(strings));
        needed.forEach(hash -> named.putAll(hash.files()));
        String reachable =
                Hex.encodeHexString(digest.getMessageDigest().digest()).substring(0, 2 * HASH_BYTES);
        return new CodeHash(field.code().method(), reachable, named);
    }
}
