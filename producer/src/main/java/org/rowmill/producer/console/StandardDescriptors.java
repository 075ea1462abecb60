package org.rowmill.producer.console;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Occupies the descriptors of standard input, output and error that the caller has closed ({@code >&-}). Otherwise the
 * next file that is opened, for example a part of a table, gets the free number, and messages are written into it. Loads
 * few classes, because the launcher uses it.
 */
public final class StandardDescriptors {

    private static final String DIRECTORY = "/proc/self/fd";
    private static final int COUNT = 3;

    /** Never closed. Readers, so that a write still fails. */
    private static final List<FileInputStream> OCCUPANTS = open();

    private StandardDescriptors() {}

    /**
     * Occupies closed descriptors, where the system shows which are closed (Linux). To be called before a file is opened.
     *
     * @return how many were closed
     */
    public static int occupyClosed() {
        return OCCUPANTS.size();
    }

    /** Returns standard error, in UTF-8. That it cannot be written ends no command: nobody could be told. */
    public static PrintStream error() {
        return new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
    }

    private static List<FileInputStream> open() {
        List<FileInputStream> occupants = new ArrayList<>();
        if (Files.isDirectory(Path.of(DIRECTORY))) {
            for (int number = 0; number < COUNT; number++) {
                if (!Files.exists(Path.of(DIRECTORY, String.valueOf(number)))) { // the lowest free number is the next
                    addOccupant(occupants);
                }
            }
        }
        return occupants;
    }

    private static void addOccupant(List<FileInputStream> occupants) {
        try {
            occupants.add(new FileInputStream("/dev/null"));
        } catch (IOException e) {
            return; // without /dev/null nothing can be done, and a command without messages can still succeed
        }
    }
}
