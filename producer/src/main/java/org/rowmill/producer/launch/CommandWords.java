package org.rowmill.producer.launch;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.rowmill.schemas.world.World;

/**
 * The command that started this JVM: {@code java OPTIONS -jar JAR ARGUMENTS}.
 *
 * @param jvmOptions options of {@code java}
 * @param jar path of producer.jar as it was written
 * @param arguments of the program
 * @param charset of these texts; ISO-8859-1 if this JVM cannot represent all names: each character is then a byte
 */
record CommandWords(List<String> jvmOptions, String jar, List<String> arguments, Charset charset) {

    private static final Path LINUX = Path.of("/proc/self/cmdline");
    private static final String JAR = "-jar";

    CommandWords {
        jvmOptions = List.copyOf(jvmOptions);
        arguments = List.copyOf(arguments);
    }

    /**
     * Returns the command of this JVM; empty if the operating system does not report it, or there is no option
     * {@code -jar}.
     *
     * @param arguments of the program, as {@code main} received them
     */
    static Optional<CommandWords> ofThisJvm(String[] arguments) {
        Charset charset = World.hasAllFileNames() ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
        try {
            if (Files.isReadable(LINUX)) {
                String[] words = new String(Files.readAllBytes(LINUX), charset).split("\0", -1);
                return of(Arrays.asList(words).subList(1, words.length - 1), arguments.length, charset);
            }
        } catch (IOException e) {
            // ask the JDK, which knows it on other systems
        }
        List<String> words = List.of(ProcessHandle.current().info().arguments().orElse(new String[0]));
        return World.hasAllFileNames() ? of(words, arguments.length, charset) : Optional.empty();
    }

    /**
     * Takes a command apart.
     *
     * @param words the command without its first word
     * @param count number of arguments of the program, which are the last words
     */
    static Optional<CommandWords> of(List<String> words, int count, Charset charset) {
        int jar = words.indexOf(JAR);
        if (jar < 0 || jar + 2 + count != words.size()) {
            return Optional.empty();
        }
        return Optional.of(new CommandWords(
                words.subList(0, jar), words.get(jar + 1), words.subList(jar + 2, words.size()), charset));
    }

    /** Returns whether this JVM cannot represent all names, so that these texts contain bytes. */
    boolean areBytes() {
        return charset.equals(StandardCharsets.ISO_8859_1);
    }

    /** Returns a text of these words in the encoding of names. */
    String decoded(String word) {
        return areBytes() ? new String(word.getBytes(charset), StandardCharsets.UTF_8) : word;
    }
}
