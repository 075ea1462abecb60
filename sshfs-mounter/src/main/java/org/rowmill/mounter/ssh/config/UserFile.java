package org.rowmill.mounter.ssh.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The configuration file that ssh reads. If the SSH files are elsewhere than ssh expects them, ssh gets their path, and
 * a copy if {@code Include} names files that it would look up in its own home directory.
 *
 * @param file for the option -F; empty: ssh finds its files itself
 * @param isCopy whether closing this deletes the file
 */
record UserFile(Optional<Path> file, boolean isCopy) implements AutoCloseable {

    private static final Pattern INCLUDE =
            Pattern.compile("(\\s*include(?:\\s*=\\s*|\\s+))(.*)", Pattern.CASE_INSENSITIVE);

    static UserFile of(UserHome home) throws IOException {
        if (!home.isElsewhere()) {
            return new UserFile(Optional.empty(), false);
        }
        Path own = home.configFile();
        if (!Files.exists(own)) {
            return new UserFile(Optional.of(Path.of("none")), false);
        }
        // The bytes of comments in any encoding stay as they are.
        String text = Files.readString(own, StandardCharsets.ISO_8859_1);
        String absolute = text.lines().map(line -> absolute(line, home)).collect(Collectors.joining("\n", "", "\n"));
        if (absolute.stripTrailing().equals(text.stripTrailing())) {
            return new UserFile(Optional.of(own), false);
        }
        Path copy = Files.createTempFile("rowmill-ssh-config", ""); // only the owner may read it
        return new UserFile(Optional.of(Files.writeString(copy, absolute, StandardCharsets.ISO_8859_1)), true);
    }

    private static String absolute(String line, UserHome home) {
        Matcher matcher = INCLUDE.matcher(line);
        if (!matcher.matches()) {
            return line;
        }
        return matcher.group(1)
                + ConfigFile.words(decode(matcher.group(2))).stream()
                        .map(name -> home.directory().resolve(home.path(name)).toString())
                        .map(name -> name.matches("\\S+") ? name : '"' + name + '"')
                        .map(UserFile::encode)
                        .collect(Collectors.joining(" "));
    }

    private static String decode(String bytes) {
        return StandardCharsets.UTF_8
                .decode(ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1)))
                .toString();
    }

    private static String encode(String name) {
        return new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    List<String> arguments() {
        return file.map(path -> List.of("-F", path.toString())).orElse(List.of());
    }

    @Override
    public void close() {
        if (isCopy) {
            try {
                Files.deleteIfExists(file.orElseThrow());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
