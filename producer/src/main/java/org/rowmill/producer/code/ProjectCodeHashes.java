package org.rowmill.producer.code;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    private static final int HASH_DIGITS = 32;

    private final Project project;
    private final ProjectClasses classes;
    private final NamedFiles files;

    /**
     * Reads when runs were active.
     *
     * @param project the project
     * @param output directory of the tables
     */
    public ProjectCodeHashes(Project project, Path output) {
        this.project = project;
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
        WalkCache cache = new WalkCache(project, table.schema().table(), KIND);
        for (TableModel.ColumnMethod method : table.methods()) {
            List<CodeHash> needed = method.needs().stream().map(known::get).toList();
            WalkCache.Walked walked = cache.get(key(method), () -> walk(table, method));
            for (int column : method.makes()) {
                TableSchema.ColumnField field = table.schema().columns().get(column);
                known.put(column, hash(field.code().method(), method, walked, needed));
                hashes.put(field.name(), known.get(column));
            }
        }
        cache.save();
        return table.schema().withCode(hashes);
    }

    private static String key(TableModel.ColumnMethod method) {
        return Type.getInternalName(method.method().getDeclaringClass()) + "."
                + method.method().getName() + Type.getMethodDescriptor(method.method());
    }

    private WalkCache.Walked walk(TableModel table, TableModel.ColumnMethod method) {
        MessageDigest digest = DigestUtils.getSha256Digest();
        String name = Type.getInternalName(table.tableClass());
        List<CodeWalk.Strings> strings = new CodeWalk(classes, classes.ancestors(name), digest)
                .hash(
                        name,
                        Type.getInternalName(method.method().getDeclaringClass()),
                        method.method().getName() + Type.getMethodDescriptor(method.method()));
        return new WalkCache.Walked(Hex.encodeHexString(digest.digest()), strings);
    }

    private CodeHash hash(String own, TableModel.ColumnMethod method, WalkCache.Walked walked, List<CodeHash> needed) {
        List<String> all = new ArrayList<>(List.of(KIND, walked.hash()));
        all.addAll(method.arguments());
        needed.forEach(hash -> all.add(hash.reachable()));
        Map<String, String> named = new TreeMap<>(files.hashes(walked.strings()));
        needed.forEach(hash -> named.putAll(hash.files()));
        return new CodeHash(own, DigestUtils.sha256Hex(String.join("\0", all)).substring(0, HASH_DIGITS), named);
    }
}
