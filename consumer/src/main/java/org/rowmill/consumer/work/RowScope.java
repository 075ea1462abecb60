package org.rowmill.consumer.work;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rowmill.consumer.program.CleanupProcess;
import org.rowmill.consumer.program.ProgramRun;
import org.rowmill.table.ProcessResult;
import org.rowmill.table.RowContext;

/**
 * The context of one row. Closing it ends the programs of the row and removes its files. Used by the thread of the row.
 */
public final class RowScope implements RowContext, AutoCloseable {

    private final Site site;
    private final String table;
    private final long row;
    private final int attempt;
    private final List<ProgramRun> programs = new ArrayList<>();
    private @Nullable Path scratch;

    /**
     * What the contexts of all rows share.
     *
     * @param run id of the run
     * @param node name of the node
     * @param cleanup ends programs and removes files when the process ends
     * @param out output of rows
     */
    public record Site(String run, String node, CleanupProcess cleanup, PrintStream out) {}

    RowScope(Site site, String table, long row, int attempt) {
        this.site = site;
        this.table = table;
        this.row = row;
        this.attempt = attempt;
    }

    @Override
    public int attempt() {
        return attempt;
    }

    @Override
    public String node() {
        return site.node();
    }

    @Override
    public String runId() {
        return site.run();
    }

    @Override
    public System.Logger logger() {
        return new RowLogger(table, site.out());
    }

    @Override
    public Path scratch() throws IOException {
        if (scratch == null) {
            scratch = Files.createTempDirectory(site.cleanup().root(), "row" + row + "-")
                    .toAbsolutePath();
        }
        return scratch;
    }

    @Override
    public ProcessResult run(ProcessBuilder program) throws IOException, InterruptedException {
        ProgramRun run = ProgramRun.start(program, site.cleanup().root());
        programs.add(run);
        site.cleanup().watch(run.group());
        try {
            return run.await();
        } catch (InterruptedException e) {
            run.kill();
            site.cleanup().end(run.group());
            throw e;
        } finally {
            run.deleteFiles();
        }
    }

    @Override
    public void close() throws IOException {
        for (ProgramRun run : programs) {
            run.kill();
            site.cleanup().end(run.group());
        }
        if (scratch != null) {
            Files.walkFileTree(scratch, new Removal());
        }
    }

    /** Removes files and directories. Does not follow links. */
    private static final class Removal extends SimpleFileVisitor<Path> {

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e) throws IOException {
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
        }
    }
}
