package waybill.printer;

import java.nio.charset.StandardCharsets;

/** Encodes labels in ZPL, the language of many thermal printers. */
public final class ZplPrinter implements LabelPrinter {
    private static final int LINE_HEIGHT = 40;
    private static final int FOOTER_WIDTH = 48;

    @Override
    public byte[] encode(Label label) {
        StringBuilder zpl = new StringBuilder("^XA^CI28");
        int y = LINE_HEIGHT;
        for (String line : label.addressLines()) {
            field(zpl, y, line);
            y += LINE_HEIGHT;
        }
        barcode(zpl, y, label.code());
        field(zpl, y + 4 * LINE_HEIGHT, label.footer(FOOTER_WIDTH));
        return zpl.append("^XZ").toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void field(StringBuilder zpl, int y, String text) {
        zpl.append("^FO40,").append(y).append("^A0N,32,32^FD").append(escape(text)).append("^FS");
    }

    private static void barcode(StringBuilder zpl, int y, String code) {
        zpl.append("^FO40,").append(y).append("^B3N,N,120,Y,N^FD").append(escape(code)).append("^FS");
    }

    /** Carets and tildes begin commands, so they must not come from an address. */
    private static String escape(String text) {
        return text.replace('^', ' ').replace('~', ' ');
    }
}
