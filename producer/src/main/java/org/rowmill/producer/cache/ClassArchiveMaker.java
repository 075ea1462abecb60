package org.rowmill.producer.cache;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.rowmill.producer.console.Console;
import org.rowmill.schemas.Threads;

/**
 * Makes the class archives whose lists are known, one after the other, beside the run and at a low priority. The
 * end of the run ends it: a later run tries again.
 */
public final class ClassArchiveMaker implements AutoCloseable {

    /** The rows of the run need the CPUs. At the lowest priority, the archive would take minutes on a busy computer. */
    private static final String LOW_PRIORITY = "command -v nice >/dev/null && exec nice -n 10 \"$@\"; exec \"$@\"";

    private static final Duration LIMIT = Duration.ofMinutes(5);

    private final List<ClassArchive> archives;
    private final Path state;
    private final Console console;
    private final Thread thread = Threads.daemon("rowmill-archives", this::makeAll);

    private ClassArchiveMaker(List<ClassArchive> archives, Path state, Console console) {
        this.archives = archives;
        this.state = state;
        this.console = console;
    }

    /**
     * Starts to make the archives that are missing; returns at once.
     *
     * @param archives all archives
     * @param state directory of the run for temporary files, which is deleted after it even if it is killed
     * @param console receives why an archive cannot be made
     */
    public static ClassArchiveMaker start(List<ClassArchive> archives, Path state, Console console) {
        ClassArchiveMaker maker = new ClassArchiveMaker(
                archives.stream().filter(ClassArchive::canBeMade).toList(), state, console);
        if (!maker.archives.isEmpty()) {
            maker.thread.start();
        }
        return maker;
    }

    private void makeAll() {
        try {
            for (ClassArchive archive : archives) {
                make(archive);
            }
        } catch (InterruptedException e) {
            return; // the run is over
        } catch (IOException e) {
            console.verbose("no class archive can be made: " + e.getMessage());
        }
    }

    private void make(ClassArchive archive) throws IOException, InterruptedException {
        Path made = archive.attempt();
        try {
            HelperProgram.run(atLowPriority(archive.makeCommand(made)), state, LIMIT);
            archive.publish(made);
        } catch (IOException e) {
            archive.fail();
            throw e;
        } finally {
            Files.deleteIfExists(made);
        }
    }

    private static List<String> atLowPriority(List<String> command) {
        List<String> words = new ArrayList<>(List.of("/bin/sh", "-c", LOW_PRIORITY, "sh"));
        words.addAll(command);
        return words;
    }

    /** Ends the making. Takes a moment. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(LIMIT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
