package org.rowmill.consumer.program;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** How programs are found, and started in a process group whose number is their process id. */
final class ProcessGroup {

    private static final Optional<Path> SETSID = find("setsid", System.getenv(), Path.of(""));

    private ProcessGroup() {}

    /** The command in a group of its own; as it is where the system has no {@code setsid}. */
    static List<String> command(String... command) {
        List<String> whole = new ArrayList<>();
        SETSID.ifPresent(setsid -> whole.add(setsid.toString()));
        whole.addAll(Arrays.asList(command));
        return whole;
    }

    /**
     * The file that a command's first word names.
     *
     * @throws IOException when there is none, or it is not executable
     */
    static Path executable(ProcessBuilder program) throws IOException {
        if (program.command().isEmpty()) {
            throw new IOException("a program was expected, not an empty command");
        }
        String name = program.command().get(0);
        Path directory =
                program.directory() == null ? Path.of("") : program.directory().toPath();
        return find(name, program.environment(), directory)
                .orElseThrow(() -> new IOException("cannot run program \"" + name + "\""
                        + (name.contains("/") ? ": there is no such executable file" : ": no directory of PATH has it")
                        + " on this node"));
    }

    private static Optional<Path> find(String name, Map<String, String> environment, Path directory) {
        if (name.contains("/")) {
            return Optional.of(directory.resolve(name).toAbsolutePath()).filter(ProcessGroup::isProgram);
        }
        return Pattern.compile(Pattern.quote(File.pathSeparator))
                .splitAsStream(environment.getOrDefault("PATH", ""))
                .map(entry -> directory.resolve(entry).resolve(name).toAbsolutePath())
                .filter(ProcessGroup::isProgram)
                .findFirst();
    }

    private static boolean isProgram(Path path) {
        return Files.isRegularFile(path) && Files.isExecutable(path);
    }
}
