package org.rowmill.mounter.ssh.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The home directory and the SSH files of the user who runs Rowmill. OpenSSH takes the home directory from the
 * password file, and ignores the variable HOME; the JVM's home can be set to another one ({@code -Duser.home}).
 *
 * @param home of the JVM
 * @param directory of the SSH files, usually {@code ~/.ssh}
 * @param passwordHome the directory that OpenSSH takes for the home directory
 */
record UserHome(Path home, Path directory, Path passwordHome) {

    private static final Path PASSWORD_FILE = Path.of("/etc/passwd");
    private static final int HOME_FIELD = 5;

    static UserHome of(Path directory) {
        Path home = Path.of(System.getProperty("user.home"));
        return new UserHome(
                home, directory, homeOf(System.getProperty("user.name")).orElse(home));
    }

    /** Returns whether OpenSSH would by itself read other SSH files than Rowmill. */
    boolean isElsewhere() {
        return !directory.equals(passwordHome.resolve(".ssh"));
    }

    Path configFile() {
        return directory.resolve("config");
    }

    /**
     * Resolves a file name of the configuration: {@code ~} is the home directory, other relative names are in the
     * current directory, as for ssh.
     */
    Path path(String name) {
        if (name.startsWith("~/.ssh/")) {
            return directory.resolve(name.substring("~/.ssh/".length()));
        }
        if (name.equals("~") || name.startsWith("~/")) {
            return home.resolve(name.substring(Math.min(2, name.length())));
        }
        if (name.startsWith("~")) {
            int slash = name.indexOf('/');
            String user = name.substring(1, slash < 0 ? name.length() : slash);
            Optional<Path> other = homeOf(user);
            if (other.isPresent()) {
                return other.get().resolve(slash < 0 ? "" : name.substring(slash + 1));
            }
        }
        Path path = Path.of(name);
        // ssh has replaced ~ by its own idea of the home directory.
        Path own = passwordHome.resolve(".ssh");
        return isElsewhere() && path.startsWith(own) ? directory.resolve(own.relativize(path)) : path;
    }

    /** Returns the home directory of a user of the password file. */
    private static Optional<Path> homeOf(String user) {
        try (Stream<String> lines = Files.lines(PASSWORD_FILE, StandardCharsets.ISO_8859_1)) {
            return lines.map(line -> line.split(":"))
                    .filter(fields -> fields.length > HOME_FIELD && fields[0].equals(user))
                    .map(fields -> Path.of(fields[HOME_FIELD]))
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
