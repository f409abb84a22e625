package waybill.printer;

/** What stands on a label, line by line. */
public final class Label {
    private final String code;
    private final String[] addressLines;
    private final String routeText;

    public Label(String code, String[] addressLines, String routeText) {
        this.code = code;
        this.addressLines = addressLines.clone();
        this.routeText = routeText;
    }

    public String code() {
        return code;
    }

    public String[] addressLines() {
        return addressLines.clone();
    }

    /** The depots on the way, shortened to what fits the foot of the label. */
    public String footer(int width) {
        if (routeText.length() <= width) {
            return routeText;
        }
        return routeText.substring(0, Math.max(0, width - 1)) + "…";
    }
}
