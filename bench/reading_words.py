"""Words of the prose that `reading_texts` makes up: two syllables or three each, all of our own choosing."""

from __future__ import annotations


def _listed(text: str) -> tuple[str, ...]:
    return tuple(" ".join(word.split()) for word in text.split(","))


# What a sentence can be about.
NOUNS = _listed(
    """
    thị trường, mặt bằng, nhu cầu, nguồn hàng, chuỗi cung ứng, vùng trồng, cảng biển, tuyến đường, kho bãi, đội tàu, nhà
    xưởng, dây chuyền, bao bì, nhãn hiệu, chất lượng, giá thành, chi phí, lợi nhuận, sức mua, thói quen, người tiêu dùng,
    nhà nhập khẩu, bạn hàng, đầu mối, cửa khẩu, bến bãi, hàng rào, quy chuẩn, chứng từ, hồ sơ, thủ tục, thời vụ, mùa vụ,
    sản lượng, năng suất, giống cây, vật nuôi, thức ăn, phân bón, nước tưới, đất đai, khí hậu, bão lũ, hạn mặn, rừng phòng
    hộ, bờ biển, hải đảo, ngư trường, ngư dân, nông hộ, hợp tác xã, làng nghề, thợ thủ công, hoa văn, gốm sứ, mây tre, tơ
    lụa, lễ hội, di sản, bảo tàng, phố cổ, ẩm thực, hướng dẫn viên, khách lẻ, đường bay, phòng nghỉ, mùa cao điểm, trải
    nghiệm, dữ liệu, nền tảng, phần mềm, thiết bị, vi mạch, phòng thí nghiệm, nhà khoa học, kỹ sư, sinh viên, học bổng,
    giáo trình, trường nghề, tay nghề, việc làm, tiền lương, nhà ở, bảo hiểm, kiều bào, cộng đồng, thế hệ trẻ, tiếng mẹ
    đẻ, truyền thống, niềm tin, thiện chí, tình cảm, ký ức, lịch sử, quan hệ, đối thoại, lập trường, lợi ích, vị thế, uy
    tín, tiếng nói, dư luận, báo chí, thông điệp, hình ảnh, câu chuyện, bối cảnh, biến động, xung đột, căng thẳng, lạm
    phát, lãi suất, tỷ giá, dòng vốn, tín dụng, ngân hàng, thuế suất, ngân sách, nợ công, đầu tư công, hạ tầng, điện gió,
    điện mặt trời, lưới điện, pin lưu trữ, khí thải, tín chỉ, rác thải, vật liệu, quặng mỏ, dầu thô, khí đốt, than đá,
    thép cuộn, linh kiện, máy móc, ô tô, xe máy, tàu hỏa, sân bay, container, cước tàu, bốc dỡ, bảo quản, kho lạnh, kiểm
    nghiệm, dư lượng, dịch bệnh, vắc xin, bệnh viện, thuốc men, dược liệu, thảo mộc, gia vị, hạt tiêu, trái cây, rau củ,
    hoa tươi, cá ngừ, tôm thẻ, rong biển, muối biển, gạo thơm, ngũ cốc, bánh kẹo, đồ uống, nước mắm, mật ong, trứng sữa,
    thịt bò, gia cầm, da giày, vải sợi, may mặc, thời trang, đồ chơi, nội thất, gỗ rừng trồng, sàn gỗ, giấy vụn, nhựa tái
    chế, hóa chất, sơn phủ, cao su, lốp xe, kim loại màu, đất hiếm, vi sinh, công thức, sáng chế, bản quyền, thương hiệu,
    sàn giao dịch, đơn hàng, hợp đồng, trọng tài, tranh chấp, điều khoản, bảo lãnh, thanh toán, hóa đơn, kế toán, kiểm
    toán, quản trị, cổ đông, nhà sáng lập, quỹ mạo hiểm, vườn ươm, khởi nghiệp, hộ kinh doanh, tiểu thương, chợ đầu mối,
    siêu thị, chuỗi bán lẻ, kênh phân phối, quảng cáo, triển lãm, gian hàng, mẫu mã, thiết kế, kiểu dáng, màu sắc, hương
    vị, độ ẩm, nhiệt độ, thời gian, khoảng cách, quãng đường, cự ly, mật độ, dân số, đô thị, ngoại ô, miền núi, vùng cao,
    biên giới, hành lang, cầu đường, bến cảng, luồng lạch, phao tiêu, hải đồ, thủy thủ, thuyền trưởng, đại lý, môi giới,
    tư vấn, luật sư, phiên dịch, lễ tân, văn hóa ứng xử, tập quán, tôn giáo, nghi thức, quà tặng, bữa tiệc, lời chúc, bức
    thư, cuộc gọi, buổi chuyện trò, hội trường, khán giả, diễn giả, bài giảng, câu hỏi, lời đáp, sáng kiến, ý tưởng, phác
    thảo, bản đồ, biểu đồ, con số, xu thế, chu kỳ, kịch bản, rủi ro, cơ hội, thách thức, giới hạn, khoảng trống, điểm
    nghẽn, nút thắt, động lực, dư địa, tiềm lực, thế mạnh, sở trường, kinh nghiệm, bài học, thước đo, tiêu chí, khuôn khổ,
    lộ trình, đội ngũ, cán bộ trẻ, chuyên viên, văn thư, lưu trữ, tài liệu, bản dịch, từ điển, thuật ngữ, cách gọi, tên
    riêng, địa danh, múi giờ, ngày nghỉ, mùa mưa, mùa khô, sương mù, gió chướng, thủy triều, dòng chảy, phù sa, cồn cát,
    rừng ngập mặn, lũ quét, sạt lở, đê kè, trạm bơm, hồ chứa, thủy điện, giờ thấp điểm, đồng hồ đo, cột mốc, ranh giới,
    bản làng, chợ phiên, thổ cẩm, nhạc cụ, điệu múa, vở diễn, phim ảnh, sách giáo khoa, thư viện, giảng đường, ký túc xá,
    bếp ăn, xe buýt, bãi đỗ, vỉa hè, công viên, hồ nước, cây xanh, bóng mát, mái ngói, nhà rông, cầu treo, bến phà, ghe
    xuồng, lưới kéo, mồi câu, phao cứu sinh, áo mưa, dép nhựa, nón lá, chiếu cói, đèn lồng, giấy dó, mực tàu, con dấu,
    phong bì, tem thư, bưu cục, tổng đài, đường truyền, máy chủ, mật khẩu, chữ ký số, mã vạch, hộp đen, cảm biến, cánh
    quạt, tua bin, san hô, chim di cư, đàn ong
    """
)
# What it does, without telling of a deed, an order or a promise.
VERBS = _listed(
    """
    gắn với, phản ánh, bắt nguồn từ, chịu tác động của, phụ thuộc vào, đi cùng, nối liền, trải dài theo, xoay quanh, đòi
    hỏi, cho thấy, gợi mở, nhắc đến, hòa vào, lan sang, chạm tới, nằm ở, bao trùm, ôm trọn, dựa trên, soi chiếu, lệch
    khỏi, tách khỏi, song hành với, đối diện với, khác với, giống với, tương ứng với, xuất phát từ, thuộc về, quay về,
    hướng về, thiên về, nghiêng về, đến từ, trông vào, sống nhờ, lớn lên cùng, già đi cùng, đổi thay theo, lên xuống theo,
    dao động theo, co giãn theo, đọng lại ở, dồn về, tụ lại quanh, rải khắp, len lỏi vào, ẩn sau, hiện ra trong, lùi xa,
    tiến gần, vượt khỏi, bó buộc, ràng buộc với, cạnh tranh với, bổ trợ cho, thay thế, lấn át, che khuất, làm nền cho,
    nuôi sống, giữ nhịp cho, dẫn dắt, chi phối, kéo theo, nói thay cho, kể về, mô tả, lý giải, minh họa, so sánh với, đo
    bằng, tính bằng, quy về, gói gọn trong, chia đều cho, san sẻ với, gửi gắm vào, ký thác vào, trú ngụ trong, ăn khớp
    với, lệ thuộc vào, ngang bằng, nhạt dần trước, đậm dần theo, quen với, xa lạ với, hợp với, trái với, cộng hưởng với,
    va chạm với, giao thoa với, đan xen với
    """
)
# How it is.
QUALITIES = _listed(
    """
    rất rộng, khá hẹp, vốn phức tạp, ngày càng rõ, không đồng đều, giàu bản sắc, ít biến động, nhiều tầng nấc, lâu đời,
    non trẻ, bền bỉ, mong manh, khắt khe, linh hoạt, trầm lắng, sôi động, đa dạng, đơn lẻ, phân tán, tập trung, kín đáo,
    cởi mở, thận trọng, táo bạo, gần gũi, xa xôi, quen thuộc, mới mẻ, phổ biến, hiếm gặp, dễ nhận ra, khó đoán, thường
    nhật, theo mùa, quanh năm, theo chu kỳ, bình lặng, gấp gáp, đúng nhịp, lệch nhịp, vừa vặn, quá tải, dư thừa, khan
    hiếm, đắt đỏ, phải chăng, tinh xảo, mộc mạc, hiện đại, cổ điển, thân thiện, nghiêm ngặt, minh bạch, nhạy cảm, bí ẩn,
    tự nhiên, nhân tạo, thuần nông, ven sông, ven biển, trên cao nguyên, dưới đồng bằng, nơi đầu nguồn, cuối nguồn, ở
    thành thị, ở nông thôn, giữa hai vụ, qua nhiều đời, trong khu vực, ngoài khu vực, của người dân, của giới trẻ, của
    thương nhân, của các nhà máy, thời mở cửa, thời trước, hôm nay, trong đời sống, giữa lòng phố, bên kia bờ, vùng giáp
    ranh, loại nhỏ, cỡ vừa, quy mô lớn, chất lượng cao
    """
)
# How a sentence opens, and how its clauses are joined.
OPENERS = _listed(
    """
    Thực ra, Nhìn rộng hơn, Ở góc nhìn khác, Trên thực địa, Với nhiều người, Theo nhịp mùa, Giữa những đổi thay ấy, Sau
    nhiều năm, Xét về lâu dài, Trong mắt bạn bè, Từ một phía khác, Nếu đặt cạnh nhau, Về bản chất, Nói cách khác, Ở chiều
    ngược lại, Cũng vì thế, Trong câu chuyện này, Nhìn lại chặng đường, Có thời điểm, Đôi khi, Thường thì, Lắm lúc, Trước
    kia, Bây giờ, Ngày nay, Lâu nay, Xưa nay, Rốt cuộc, Dẫu vậy
    """
)
LINKS = (
    ", trong khi ", ", còn ", ", bởi ", ", nơi ", ", khi ", " và ", ", rồi ", ", đồng thời ", " vì ", ", tuy ", ", cũng như ",
    ", nhất là ", " nên ", ", vốn là nơi ", ", kể cả khi ",
)  # fmt: skip
# What is done, when something is done.
DEEDS = _listed(
    """
    thúc đẩy, mở rộng, tháo gỡ vướng mắc trong, đổi mới, tăng cường, triển khai, kết nối, nâng cao chất lượng, rà soát,
    hoàn thiện, giới thiệu, quảng bá, khôi phục, đa dạng hóa, phổ biến, hướng dẫn, củng cố, khai thác, cập nhật, chuẩn
    hóa, số hóa, công bố, giám sát, đánh giá, thí điểm, nhân rộng, hỗ trợ, bảo vệ, duy trì, phát triển, xây dựng, vận
    động, tham mưu về, nghiên cứu, khảo sát, đào tạo, chuyển giao, tiếp nhận, điều phối
    """
)
SURNAMES = _listed(
    """
    Lê, Trần, Phạm, Nguyễn, Đỗ, Hoàng, Vũ, Bùi, Đặng, Ngô, Dương, Lý, Phan, Hồ, Mai, Đinh
    """
)
MIDDLES = _listed(
    """
    Văn, Thị, Minh, Quang, Thu, Hữu, Ngọc, Đức, Thanh, Hồng, Xuân, Bảo, Gia, Khánh, Như, Tuấn
    """
)
GIVEN = _listed(
    """
    Mẫu, Thử, Ví, Dụ, Tập, An, Bình, Chi, Dung, Giang, Hà, Khoa, Lam, Linh, Long, Mây, Nam, Nga, Phong, Phúc, Quân, Sơn,
    Tâm, Thảo, Trang, Tùng, Uyên, Vinh, Yến, Thành, Hạnh, Hiền, Kiên, Loan
    """
)
