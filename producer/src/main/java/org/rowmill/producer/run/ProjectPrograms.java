package org.rowmill.producer.run;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.rowmill.producer.project.ScriptNames;

/**
 * The programs of a project that rows start by a relative path, as far as conventions tell: {@code bin}, {@code
 * scripts}, and programs and scripts at the top. Only those that exist count: what rows make during the run belongs to
 * the rows.
 */
final class ProjectPrograms {

    private static final List<String> DIRECTORIES = List.of("bin", "scripts");

    /** How executable files begin: a script, ELF, and Mach-O in its byte orders. */
    private static final List<byte[]> MAGIC = List.of(
            new byte[] {'#', '!'},
            new byte[] {0x7f, 'E', 'L', 'F'},
            new byte[] {(byte) 0xcf, (byte) 0xfa, (byte) 0xed, (byte) 0xfe},
            new byte[] {(byte) 0xca, (byte) 0xfe, (byte) 0xba, (byte) 0xbe});

    private ProjectPrograms() {}

    /** Returns the files and directories, as absolute paths. */
    static List<Path> of(Path root) throws IOException {
        List<Path> all = new ArrayList<>();
        DIRECTORIES.stream().map(root::resolve).filter(Files::isDirectory).forEach(all::add);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(root, Files::isRegularFile)) {
            for (Path file : files) {
                if (ScriptNames.isScript(file) || (Files.isExecutable(file) && hasMagic(file))) {
                    all.add(file);
                }
            }
        }
        return all;
    }

    /** On some file systems, all files are executable. */
    private static boolean hasMagic(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] begin = in.readNBytes(4);
            return MAGIC.stream()
                    .anyMatch(magic -> begin.length >= magic.length
                            && Arrays.equals(begin, 0, magic.length, magic, 0, magic.length));
        } catch (IOException e) {
            return false; // this user cannot run it either
        }
    }
}
