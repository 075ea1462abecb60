package org.rowmill.mounter.ssh.config;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The tokens that OpenSSH replaces in values of options, such as {@code %h}, and its environment variables, such as
 * {@code ${HOME}}. See TOKENS in ssh_config(5).
 *
 * @param home the home directory, for {@code %d}
 * @param alias the host as the user wrote it, for {@code %n}
 * @param host the host's name, for {@code %h}
 * @param hostKeyAlias for {@code %k}
 * @param user the user on the host, for {@code %r}
 * @param port the port, for {@code %p}
 * @param jump value of ProxyJump, for {@code %j}
 */
record Tokens(Path home, String alias, String host, Optional<String> hostKeyAlias, String user, int port, String jump) {

    private static final Pattern VARIABLE = Pattern.compile("\\$\\{(\\w+)}");

    /** Replaces tokens and environment variables. An unknown token stays as it is. */
    String expand(String text) {
        return VARIABLE.matcher(expandCommand(text))
                .replaceAll(found -> Matcher.quoteReplacement(
                        Optional.ofNullable(System.getenv(found.group(1))).orElse("")));
    }

    /** Replaces the tokens of a command. Its shell expands the variables. */
    String expandCommand(String text) {
        StringBuilder expanded = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            boolean token = text.charAt(i) == '%' && i + 1 < text.length();
            expanded.append(token ? value(text.charAt(++i)) : String.valueOf(text.charAt(i)));
        }
        return expanded.toString();
    }

    private String value(char token) {
        return switch (token) {
            case '%' -> "%";
            case 'h' -> host;
            case 'n' -> alias;
            case 'k' -> hostKeyAlias.orElse(alias);
            case 'r' -> user;
            case 'p' -> String.valueOf(port);
            case 'd' -> home.toString();
            case 'u' -> System.getProperty("user.name");
            case 'i' -> userId();
            case 'j' -> jump;
            case 'l' -> localName();
            case 'L' -> localName().split("\\.")[0];
            case 'C' -> sha1(localName() + host + port + user + jump);
            default -> "%" + token;
        };
    }

    private static String localName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    private String userId() {
        try {
            Path own = Path.of("/proc/self");
            return String.valueOf(Files.getAttribute(Files.exists(own) ? own : home, "unix:uid"));
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return "%i";
        }
    }

    private static String sha1(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }
}
